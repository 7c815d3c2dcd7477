import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { endWithUs, type PeakMemory, readLines } from "../../processes.ts";
import { channelOptions } from "../channel.ts";

/** How to start the SDK's provider host. */
export interface ProviderHost {
	/** The working folder of the process: the program's (pkg/resource/plugin/context.go). */
	readonly folder: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly engineAddress: string;
	readonly memory: PeakMemory;
	/** Called with every line that the process writes, except its port. */
	readonly onLine: (severity: "info" | "info#err", line: string) => void;
}

/** A running provider host. */
export interface ProviderProcess {
	readonly client: ResourceProviderClient;
	close(): Promise<void>;
}

const SAMPLE_EVERY = 250;

/** Starts `@pulumi/pulumi/cmd/dynamic-provider`, which prints its port as its first line. */
export async function startProvider(host: ProviderHost): Promise<ProviderProcess> {
	const script = createRequire(join(host.folder, "index.js")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
	const child = spawn(process.execPath, [script, host.engineAddress], {
		cwd: host.folder,
		env: host.env,
		stdio: ["ignore", "pipe", "pipe"],
	});
	const release = endWithUs(child);
	const timer = setInterval(() => host.memory.sample(child.pid), SAMPLE_EVERY).unref();
	const drained = readLines(child.stderr, (line) => host.onLine("info#err", line));
	const port = await readPort(child, host);
	const client = new ResourceProviderClient(
		`127.0.0.1:${port}`,
		credentials.createInsecure(),
		channelOptions,
	);
	return {
		client,
		close: async () => {
			release();
			clearInterval(timer);
			host.memory.sample(child.pid);
			client.close();
			child.kill("SIGKILL");
			await drained;
		},
	};
}

function readPort(child: ChildProcess, host: ProviderHost): Promise<number> {
	return new Promise((resolve, reject) => {
		let told = false;
		const onLine = (line: string): void => {
			if (told) host.onLine("info", line);
			else resolve(Number(line));
			told = true;
		};
		if (child.stdout !== null) void readLines(child.stdout, onLine);
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`could not read plugin: exit status ${code}`)));
	});
}
