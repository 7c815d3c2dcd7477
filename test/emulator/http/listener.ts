import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A server on loopback. */
export interface Listener {
	/** The port it listens on. */
	readonly port: number;
	/** Sets the handler of its requests. */
	serve(listener: RequestListener): void;
	/** Closes it and every open connection. */
	close(): Promise<void>;
}

/** The certificate and key of a TLS server, in PEM. */
export interface TlsMaterial {
	readonly cert: string;
	readonly key: string;
}

/** Listens on 127.0.0.1; port 0 means any free port. The handler is set afterwards, when the port is known. */
export async function listen(port: number, tls?: TlsMaterial): Promise<Listener> {
	const server = tls ? createTlsServer({ cert: tls.cert, key: tls.key }) : createServer();
	server.requestTimeout = 0;
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	return {
		port: (server.address() as AddressInfo).port,
		serve: (listener) => server.on("request", listener),
		close: () => close(server),
	};
}

function close(server: Pick<Server, "close" | "closeAllConnections">): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
