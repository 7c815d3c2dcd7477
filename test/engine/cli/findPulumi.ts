import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

const NEEDED = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** The folder on PATH that holds the CLI together with what it needs to run Node programs; undefined without one. */
export async function findPulumi(): Promise<string | undefined> {
	for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
		const found = await Promise.all(NEEDED.map((name) => isExecutable(join(folder, name))));
		if (folder !== "" && found.every(Boolean)) return folder;
	}
	return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
	access(path, constants.X_OK).then(
		() => true,
		() => false,
	);
