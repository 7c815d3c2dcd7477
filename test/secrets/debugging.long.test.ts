import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { hashOf } from "../program/tenant.ts";
import { Search } from "./search.ts";
import { piecesOf } from "./spellings.ts";

const key = (text: string): string => Buffer.from(text.padEnd(32, ".")).toString("base64");
const GIVEN = { primaryKey: key("a first key, given"), secondaryKey: key("a second key, given") };
const DEVICE = { deviceId: "press", authentication: { symmetricKey: GIVEN } };
const MACHINE = { serialNumber: "5CG-1", hardwareIdentifier: hashOf("5CG-1"), groupTag: "Office" };
const TAKEN = hashOf("taken");

/** What the tokens look like that are made or bought on the way. */
const TOKEN = /SharedAccessSignature s|\bsig=|\beyJ[\w-]{10}/;

/** A provider at work: what it is told, and what it then knows. */
interface Work {
	/** The file of its process. */
	readonly process: string;
	readonly config: Readonly<Record<string, string>>;
	readonly declared: object;
	readonly env: Readonly<Record<string, string>>;
	readonly secrets: readonly string[];
	readonly says: RegExp;
}

const AT_HUB = {
	process: "working.process.ts",
	declared: DEVICE,
	says: /a crash[\s\S]*exists already[\s\S]*There is no device "nobody"/,
};

/** Node itself would print under `http` what headers Entra's library sends; SECURITY.md says so. */
const signedIn = ({ entra: { managedIdentity } }: Emulator): Record<string, string> => ({
	NODE_DEBUG: "undici",
	AZURE_LOG_LEVEL: "verbose",
	IDENTITY_ENDPOINT: managedIdentity.endpoint,
	IDENTITY_HEADER: managedIdentity.header,
});

/** For each service and way to sign in: configuration, environment, and the secrets in them. */
const WORKS: Readonly<Record<string, (emulator: Emulator) => Work>> = {
	"a hub, signed in by a connection string": ({ iotHub }) => ({
		...AT_HUB,
		config: { "iothub:connectionString": iotHub.connectionString, "iothub:endpoint": iotHub.url },
		env: { NODE_DEBUG: "undici,http,https" },
		secrets: [...Object.values(GIVEN), /SharedAccessKey=(.+)$/.exec(iotHub.connectionString)?.[1] ?? ""],
	}),
	"a hub, signed in by a managed identity": (emulator) => ({
		...AT_HUB,
		config: {
			"iothub:hostName": emulator.iotHub.hostName,
			"iothub:credential": "managedIdentity",
			"iothub:endpoint": emulator.iotHub.url,
		},
		env: signedIn(emulator),
		secrets: [...Object.values(GIVEN), emulator.entra.managedIdentity.header],
	}),
	"a tenant, signed in by a managed identity": (emulator) => ({
		process: "workingMachines.process.ts",
		declared: MACHINE,
		config: { "autopilot:credential": "managedIdentity", "autopilot:endpoint": emulator.graph.url },
		env: signedIn(emulator),
		secrets: [
			...piecesOf(MACHINE.hardwareIdentifier, 60).filter((_, at) => at % 30 === 0),
			emulator.entra.managedIdentity.header,
		],
		says: /a crash[\s\S]*exists already[\s\S]*There is no registered machine/,
	}),
};

describe("a provider that is debugged, and dies of an error with all in it that it had, prints no secret: at", () => {
	for (const [name, workOf] of Object.entries(WORKS)) {
		test(name, async () => {
			const emulator = await startEmulator({
				hostName: "fleet.azure-devices.net",
				autopilot: { importDelay: 300, syncDelay: 50 },
			});
			emulator.control.devices.seed([{ deviceId: "taken" }]);
			emulator.control.machines.seed([{ serialNumber: "taken", hardwareIdentifier: TAKEN }]);
			try {
				const work = workOf(emulator);
				const printed = await printedBy(work);
				assert.match(printed, /^UNDICI \d+: /m);
				assert.match(printed, work.says);
				assert.doesNotMatch(printed, TOKEN);
				const search = new Search();
				search.silent(name, [printed], work.secrets);
				console.log(`At ${name}: ${search.told()}`);
			} finally {
				await emulator.close();
			}
		});
	}
});

/** All that the process prints until it dies. */
async function printedBy({ process: file, config, declared, env }: Work): Promise<string> {
	const work = JSON.stringify({ config, declared });
	const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, file), work], {
		env: { ...process.env, ...env },
	});
	let printed = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => (printed += text));
	const [code] = await once(child, "close");
	assert.equal(code, 1, printed);
	return printed;
}
