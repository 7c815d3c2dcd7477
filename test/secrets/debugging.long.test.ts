import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { spellingsOf } from "./spellings.ts";

const key = (text: string): string => Buffer.from(text.padEnd(32, ".")).toString("base64");
const GIVEN = { primaryKey: key("a first key, given"), secondaryKey: key("a second key, given") };
const DEVICE = { deviceId: "press", authentication: { symmetricKey: GIVEN } };

/** What the tokens look like that are made or bought on the way. */
const TOKEN = /SharedAccessSignature s|\bsig=|\beyJ[\w-]{10}/;

/** For each way to sign in: configuration, environment, and the secrets in them. */
const WAYS: Readonly<Record<string, (emulator: Emulator) => Way>> = {
	"a connection string": ({ iotHub }) => ({
		config: { "iothub:connectionString": iotHub.connectionString },
		env: { NODE_DEBUG: "undici,http,https" },
		secrets: [/SharedAccessKey=(.+)$/.exec(iotHub.connectionString)?.[1] ?? ""],
	}),
	"a managed identity": ({ iotHub, entra: { managedIdentity } }) => ({
		config: { "iothub:hostName": iotHub.hostName, "iothub:credential": "managedIdentity" },
		// Node itself would print under `http` what headers Entra's library sends; SECURITY.md says so.
		env: {
			NODE_DEBUG: "undici",
			IDENTITY_ENDPOINT: managedIdentity.endpoint,
			IDENTITY_HEADER: managedIdentity.header,
		},
		secrets: [managedIdentity.header],
	}),
};

interface Way {
	readonly config: Readonly<Record<string, string>>;
	readonly env: Readonly<Record<string, string>>;
	readonly secrets: readonly string[];
}

describe("a provider that is debugged, and dies of an error with all in it that it had, prints no secret: signed in by", () => {
	for (const [name, wayOf] of Object.entries(WAYS)) {
		test(name, async () => {
			const emulator = await startEmulator({ hostName: "fleet.azure-devices.net" });
			emulator.control.devices.seed([{ deviceId: "taken" }]);
			try {
				const { config, env, secrets } = wayOf(emulator);
				const printed = await printedBy({ ...config, "iothub:endpoint": emulator.iotHub.url }, env);
				assert.match(printed, /^UNDICI \d+: /m);
				assert.match(printed, /a crash[\s\S]*exists already[\s\S]*There is no device "nobody"/);
				assert.doesNotMatch(printed, TOKEN);
				const known = [...secrets, ...Object.values(GIVEN)].flatMap(spellingsOf);
				for (const spelling of known) assert.ok(!printed.includes(spelling), printed);
			} finally {
				await emulator.close();
			}
		});
	}
});

/** All that the process prints until it dies. */
async function printedBy(config: Way["config"], env: Way["env"]): Promise<string> {
	const work = JSON.stringify({ config, device: DEVICE });
	const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "working.process.ts"), work], {
		env: { ...process.env, ...env },
	});
	let printed = "";
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding("utf8").on("data", (text) => (printed += text));
	const [code] = await once(child, "close");
	assert.equal(code, 1, printed);
	return printed;
}
