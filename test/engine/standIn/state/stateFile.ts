import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Deployment } from "../../deployment.ts";

/** The version that the stand-in writes into its manifests. */
export const ENGINE_VERSION = "v3.0.0-stand-in";

/** A stack's state on disk: one file, always complete, because it is written under another name and then renamed. */
export interface StateFile {
	readonly path: string;
	read(): Promise<Deployment | undefined>;
	write(text: string): Promise<void>;
}

/** The state file in a stack's folder. */
export function makeStateFile(folder: string): StateFile {
	const path = join(folder, "state.json");
	return {
		path,
		read: async () => {
			const text = await readFile(path, "utf8").catch(() => undefined);
			return text === undefined ? undefined : JSON.parse(text);
		},
		write: async (text) => {
			const file = await open(`${path}.new`, "w");
			await file.writeFile(text).finally(() => file.close());
			await rename(`${path}.new`, path);
		},
	};
}

/** Returns a state file's manifest about its writer (pkg/resource/deploy/manifest.go, `NewMagic`). */
export const makeManifest = (): Deployment["deployment"]["manifest"] => ({
	time: new Date().toISOString(),
	magic: createHash("sha256").update(ENGINE_VERSION).digest("hex"),
	version: ENGINE_VERSION,
});

/** Formats a state file. Resources are already JSON, so that unchanged ones cost nothing. */
export function stateText(salt: string, resources: readonly string[], pending: readonly string[]): string {
	const parts = [
		`"manifest":${JSON.stringify(makeManifest())}`,
		`"secrets_providers":${JSON.stringify({ type: "passphrase", state: { salt } })}`,
		...(resources.length === 0 ? [] : [`"resources":[${resources.join(",\n")}]`]),
		...(pending.length === 0 ? [] : [`"pending_operations":[${pending.join(",\n")}]`]),
		`"metadata":{}`,
	];
	return `{"version":3,"deployment":{${parts.join(",\n")}}}\n`;
}
