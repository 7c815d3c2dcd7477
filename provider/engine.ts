import { connect } from "node:net";

/** An argument of the provider host that is the address of the engine: `127.0.0.1:39441`. */
const ADDRESS = /^([\w.-]+):(\d{1,5})$/;
/** How long the engine may take to accept a connection, in milliseconds. A busy engine accepts late; a dead one refuses at once. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Whether Pulumi's engine, which started this process, still runs. A provider outlives a killed engine, and nobody stores the
 * results of its operations. The engine's address is the last argument of the provider host (pulumi/pulumi
 * `sdk/nodejs/cmd/dynamic-provider`). True if there is no such argument, or if the answer is not certain.
 */
export function isEngineRunning(args: readonly string[] = process.argv.slice(2)): Promise<boolean> {
	const [, host, port] = ADDRESS.exec(args.findLast((arg) => ADDRESS.test(arg)) ?? "") ?? [];
	if (host === undefined) return Promise.resolve(true);
	return new Promise((resolve) => {
		const socket = connect({ host, port: Number(port), timeout: CONNECT_TIMEOUT_MS });
		const conclude = (isRunning: boolean): void => {
			socket.destroy();
			resolve(isRunning);
		};
		socket.once("connect", () => conclude(true));
		socket.once("timeout", () => conclude(true));
		socket.once("error", (error) => conclude(!("code" in error && error.code === "ECONNREFUSED")));
	});
}
