import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** Runs a test with environment variables of its own. */
export async function withEnvironment(
	env: Readonly<Record<string, string>>,
	test: () => Promise<void>,
): Promise<void> {
	const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
	Object.assign(process.env, env);
	try {
		await test();
	} finally {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	}
}

/** A proxy that tunnels (RFC 9110 §9.3.6), whatever host it is asked for, to one port of this machine. */
export interface ConnectProxy {
	readonly url: string;
	/** The hosts that it was asked for, with their ports. */
	readonly asked: readonly string[];
	/** All headers that it saw, as text. */
	readonly seen: readonly string[];
}

/** How the proxy behaves. */
export interface ConnectProxyOptions {
	/** The port behind it. */
	readonly port: number;
	/** The status line with which it refuses. Default: it does not. */
	readonly refusal?: string;
}

/** Starts a proxy for the time of a test. */
export async function withConnectProxy(
	{ port, refusal }: ConnectProxyOptions,
	test: (proxy: ConnectProxy) => Promise<void>,
): Promise<void> {
	const asked: string[] = [];
	const seen: string[] = [];
	const open = new Set<Duplex>();
	const server = createServer();
	server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
		asked.push(request.url ?? "");
		seen.push(JSON.stringify(request.rawHeaders));
		if (refusal !== undefined) {
			client.end(`HTTP/1.1 ${refusal}\r\ncontent-length: 0\r\n\r\n`);
			return;
		}
		const target = connect(port, "127.0.0.1", () => {
			client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
			target.write(head);
			target.pipe(client).pipe(target);
		});
		for (const end of [client, target]) {
			open.add(end);
			end.on("error", () => end.destroy());
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	try {
		await test({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, seen });
	} finally {
		for (const end of open) end.destroy();
		server.closeAllConnections();
		server.close();
	}
}

/** A server to which no request must come. */
export interface UnvisitedServer {
	readonly url: string;
	/** How many came all the same. */
	readonly visits: number;
}

/** Sets a trap for the time of a test. */
export async function withUnvisitedServer(test: (trap: UnvisitedServer) => Promise<void>): Promise<void> {
	let visits = 0;
	const server = createServer((_request, response) => {
		visits += 1;
		response.end("{}");
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const trap = {
		url: `http://127.0.0.1:${port}/`,
		get visits() {
			return visits;
		},
	};
	try {
		await test(trap);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
