import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

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
