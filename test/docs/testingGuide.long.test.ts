import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { generateHardwareHash } from "../emulator/emulator.ts";
import { type ConfigValue, createStandIn } from "../engine/index.ts";
import { createProgramFiles, TYPESCRIPT, writeProgram } from "../program/layout.ts";
import { unsetSettings } from "../program/site.ts";
import { assertDeploys } from "./deploys.ts";
import { parsePrograms, ROOT } from "./pages.ts";
import { parseCommands, readTestingGuide, runNpxCommand } from "./testingGuide.ts";

const COMMAND = parseCommands(readTestingGuide()).find((line) => line.includes(" emulator ")) ?? "";

const PROGRAM = `import { AutopilotIdentity, DeviceIdentity } from "pulumi-device-identity";

new DeviceIdentity("pump-1", { status: "disabled" });
new AutopilotIdentity("kiosk-1", { serialNumber: "KIOSK-1", hardwareIdentifier: "${generateHardwareHash("KIOSK-1")}" });
`;

/** Prints each argument of `pulumi config set` on a line, then the variables that are exported. */
const SHELL = `pulumi() { shift 2; secret=; if [ "$1" = --secret ]; then secret=secret; shift; fi; printf '%s\\t%s\\t%s\\n' "$1" "$2" "$secret"; }`;

it("the test with mocks compiles beside the files of `pulumi new typescript` with the command of the guide", async () => {
	const guide = readTestingGuide();
	const tsconfig = JSON.parse(TYPESCRIPT.files["tsconfig.json"] ?? "");
	const root = await writeProgram({
		...createProgramFiles(TYPESCRIPT),
		"tsconfig.json": JSON.stringify({ ...tsconfig, files: ["index.ts", "devices.test.ts"] }),
		"devices.test.ts": parsePrograms(guide)[0]?.text ?? "",
	});
	const command = /run `(npx tsc [^`]+)`/.exec(guide.text)?.[1] ?? "";
	assert.equal((await runNpxCommand(command, root)).code, 0);
	await rm(root, { recursive: true });
});

describe("the emulator of the guide", () => {
	let root: string;
	before(async () => {
		root = await writeProgram({ "index.ts": PROGRAM });
	});
	after(() => rm(root, { recursive: true }));

	for (const [title, command] of [
		["with the guide's command", COMMAND],
		["without TLS", COMMAND.replace(" --tls", "")],
		["with lines for the stack", COMMAND.replace("--env", "--config")],
	] as const)
		it(`serves a program of devices and machines: ${title}`, async () => {
			const { child, lines } = await startEmulator(command);
			try {
				await assertDeploysWith(root, readInShell(lines));
			} finally {
				child.kill("SIGTERM");
				await once(child, "close");
			}
		});
});

/** Starts the emulator with a command of the guide. Returns the lines that it prints when it is ready. */
async function startEmulator(command: string): Promise<{ child: ChildProcess; lines: string }> {
	const args = command.split(" -- ")[1]?.split(" ") ?? assert.fail(`${command} has no options`);
	const child = spawn(process.execPath, ["--import", "tsx", "test/emulator/main.ts", ...args], {
		cwd: ROOT,
		stdio: ["ignore", "pipe", "inherit"],
	});
	const [lines] = await once(child.stdout.setEncoding("utf8"), "data");
	return { child, lines };
}

/** The environment of a shell and the configuration of a stack after the lines ran. */
interface Access {
	readonly env: Readonly<Record<string, string>>;
	readonly config: Readonly<Record<string, ConfigValue>>;
}

function readInShell(lines: string): Access {
	const script = `${SHELL}\n${lines}echo ---; env`;
	const output = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8", env: {} });
	const [commands = "", variables = ""] = output.split("---\n");
	const config = commands.split("\n").flatMap((line): [string, ConfigValue][] => {
		const [key = "", value = "", secret] = line.split("\t");
		return key === "" ? [] : [[key, secret === "" ? value : { secret: value }]];
	});
	const env = variables.split("\n").flatMap((line): [string, string][] => {
		const [, name = "", value = ""] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
		return name === "" || name === "PWD" ? [] : [[name, value]];
	});
	return { config: Object.fromEntries(config), env: Object.fromEntries(env) };
}

async function assertDeploysWith(root: string, { env, config }: Access): Promise<void> {
	const stack = await createStandIn().open({ root, config, env: { ...unsetSettings(), ...env } });
	try {
		await assertDeploys(stack);
	} finally {
		await stack.dispose();
	}
}
