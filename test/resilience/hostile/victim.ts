import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** The result of a provider's work with a hostile server. */
export interface Outcome {
	/** The error's message. */
	readonly message: string;
	/** The peak memory of the process in bytes, including Node.js and the TypeScript loader. */
	readonly peak: number;
}

/** What a victim does, and with which server. */
export interface Work {
	readonly act: "device" | "devices" | "machine" | "machines" | "import";
	readonly origin: string;
	/** In the format of `timeouts`. Default: `20m`. */
	readonly time?: string | undefined;
}

/** The heap limit of a victim in megabytes: a tenth of what V8 gives most processes. */
const HEAP = 400;

/** Lets a provider in its own process work with a server. The test fails if the process dies. */
export async function runVictim({ act, origin, time = "20m" }: Work): Promise<Outcome> {
	const script = join(__dirname, "victim.process.ts");
	const args = [`--max-old-space-size=${HEAP}`, "--import", "tsx", script, act, origin, time];
	const { stdout } = await promisify(execFile)(process.execPath, args);
	const { message, peak }: Partial<Outcome> = JSON.parse(stdout);
	return { message: message ?? "", peak: peak ?? Number.POSITIVE_INFINITY };
}
