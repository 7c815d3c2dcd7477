import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificates } from "../emulator/certificates.ts";

/** A TLS server whose authority nobody knows. */
export interface SelfSigned {
	readonly origin: string;
	close(): Promise<void>;
}

/** Starts one on loopback. */
export async function selfSigned(): Promise<SelfSigned> {
	const { tls, remove } = await makeCertificates("localhost");
	const server = createServer(
		{ cert: tls.cert, key: tls.key },
		(_request, response) => void response.end("{}"),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		origin: `https://localhost:${port}`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await remove();
		},
	};
}
