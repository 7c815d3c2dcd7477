import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What the fake prints and returns for a command line that begins with this text. */
export interface FakeOutput {
	readonly stdout?: string;
	readonly stderr?: string;
	readonly code?: number;
}

/** A folder with a `pulumi` on PATH that prints fixed texts. */
export interface FakePulumi {
	readonly folder: string;
	/** Restores PATH and removes the folder. */
	remove(): void;
}

/** Puts a `pulumi` on PATH that has these outputs; an unknown command line fails and is repeated on standard error. */
export function installFakePulumi(outputs: Readonly<Record<string, FakeOutput>>): FakePulumi {
	const folder = mkdtempSync(join(tmpdir(), "pulumi-"));
	const file = join(folder, "pulumi");
	writeFileSync(
		file,
		`#!${process.execPath}
const line = process.argv.slice(2).join(" ");
const [, output] = Object.entries(${JSON.stringify(outputs)}).find(([start]) => line.startsWith(start)) ?? [];
const { stdout = "", stderr = "", code = 0 } = output ?? { stderr: "unexpected: " + line, code: 9 };
const { PULUMI_SKIP_UPDATE_CHECK } = process.env;
process.stdout.write(stdout.replace("<call>", JSON.stringify({ line, cwd: process.cwd(), PULUMI_SKIP_UPDATE_CHECK })));
process.stderr.write(stderr);
process.exitCode = code;
`,
	);
	chmodSync(file, 0o755);
	const before = process.env["PATH"];
	process.env["PATH"] = [folder, before].join(delimiter);
	return {
		folder,
		remove: () => {
			process.env["PATH"] = before;
			rmSync(folder, { recursive: true });
		},
	};
}
