import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { getPolicyKey } from "../../program/deployment.ts";
import { generateLongHash, PIECE } from "../../program/tenant.ts";
import { ENTRA_TOKEN, GIVEN } from "./credentials.ts";
import { LOUD, runProviderWork, type Work } from "./processes.ts";
import { listPieces, Search } from "./search.ts";

const DEVICE = { deviceId: "press", authentication: { symmetricKey: GIVEN } };
const MACHINE = { serialNumber: "5CG-1", hardwareIdentifier: generateLongHash("5CG-1"), groupTag: "Office" };
const TAKEN = generateLongHash("taken");

/** Matches the hub's tokens, which are created at run time. */
const HUB_TOKEN = /SharedAccessSignature s|\bsig=/;

/** A provider's work: its settings, the secrets in it, and what it prints. */
interface Debugged extends Work {
	readonly env: Readonly<Record<string, string>>;
	readonly secrets: readonly string[];
	readonly says: RegExp;
}

const AT_HUB = {
	at: "hub",
	declared: DEVICE,
	says: /a crash[\s\S]*exists already[\s\S]*Device "nobody" does not exist/,
} as const;

/** With `http`, Node.js itself prints the headers that Entra's library sends; SECURITY.md says so. */
const createSignInEnv = ({ entra: { managedIdentity } }: Emulator): Record<string, string> => ({
	...LOUD,
	IDENTITY_ENDPOINT: managedIdentity.endpoint,
	IDENTITY_HEADER: managedIdentity.header,
});

/** For each service and way to sign in: the configuration, the environment and their secrets. */
const WORKS: Readonly<Record<string, (emulator: Emulator) => Debugged>> = {
	"a hub, signed in by a connection string": (emulator) => ({
		...AT_HUB,
		config: {
			"iothub:connectionString": emulator.iotHub.connectionString,
			"iothub:endpoint": emulator.iotHub.url,
		},
		env: { NODE_DEBUG: "undici,http,https" },
		secrets: [...Object.values(GIVEN), getPolicyKey({ emulator })],
	}),
	"a hub, signed in by a managed identity": (emulator) => ({
		...AT_HUB,
		config: {
			"iothub:hostName": emulator.iotHub.hostName,
			"iothub:credential": "managedIdentity",
			"iothub:endpoint": emulator.iotHub.url,
		},
		env: createSignInEnv(emulator),
		secrets: [...Object.values(GIVEN), emulator.entra.managedIdentity.header],
	}),
	"a tenant, signed in by a managed identity": (emulator) => ({
		at: "tenant",
		declared: MACHINE,
		config: { "autopilot:credential": "managedIdentity", "autopilot:endpoint": emulator.graph.url },
		env: createSignInEnv(emulator),
		secrets: [
			...listPieces(MACHINE.hardwareIdentifier, PIECE).filter((_, at) => at % (PIECE / 2) === 0),
			emulator.entra.managedIdentity.header,
		],
		says: /a crash[\s\S]*exists already[\s\S]*The machine "[^"]+" is not registered/,
	}),
};

describe("a provider prints no secret when it is debugged and dies of an error that has everything: at", () => {
	for (const [name, workOf] of Object.entries(WORKS)) {
		test(name, async () => {
			const emulator = await startEmulator({
				hostName: "fleet.azure-devices.net",
				autopilot: { importDelay: 300, syncDelay: 50 },
			});
			emulator.control.devices.seed([{ deviceId: "taken" }]);
			emulator.control.machines.seed([{ serialNumber: "taken", hardwareIdentifier: TAKEN }]);
			try {
				const { env, secrets, says, ...work } = workOf(emulator);
				const printed = await runProviderWork(work, env);
				assert.match(printed, /^UNDICI \d+: /m);
				assert.match(printed, says);
				for (const token of [ENTRA_TOKEN, HUB_TOKEN]) assert.doesNotMatch(printed, token);
				const search = new Search();
				search.assertSilent(name, [printed], secrets);
				console.log(`At ${name}: ${search.describe()}`);
			} finally {
				await emulator.close();
			}
		});
	}
});
