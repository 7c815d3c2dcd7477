import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

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
