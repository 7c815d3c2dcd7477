import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** What came of a provider's work at a hostile server. */
export interface Outcome {
	/** The error's message. */
	readonly message: string;
	/** The most memory that the process had at a time, in bytes, Node and the loader of TypeScript included. */
	readonly peak: number;
}

/** What a victim does, and with what. */
export interface Work {
	readonly act: "device" | "devices" | "machine" | "machines" | "import";
	readonly origin: string;
	/** As `timeouts` has it. Default `20m`. */
	readonly time?: string | undefined;
}

/** What V8 gives a victim for values, in megabytes: a tenth of what it gives most processes. */
const HEAP = 400;

/** Lets a provider of its own process work at a server. It is a failure of the test if the process dies. */
export async function runVictim({ act, origin, time = "20m" }: Work): Promise<Outcome> {
	const script = join(__dirname, "victim.process.ts");
	const args = [`--max-old-space-size=${HEAP}`, "--import", "tsx", script, act, origin, time];
	const { stdout } = await promisify(execFile)(process.execPath, args);
	const { message, peak }: Partial<Outcome> = JSON.parse(stdout);
	return { message: message ?? "", peak: peak ?? Number.POSITIVE_INFINITY };
}
