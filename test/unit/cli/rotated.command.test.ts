import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCli } from "../../../provider/cli/cli.ts";
import { trampoline } from "../../../provider/sdk/trampoline.ts";

const folder = mkdtempSync(join(tmpdir(), "rotated-"));
after(() => rmSync(folder, { recursive: true }));

const HUB = "plant.azure-devices.net";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Two fleets, a device, and a fleet of machines, which no rotation concerns and whose members are encrypted: in `meters` three devices were rotated, `m-3` was created while the rotation was declared. */
const METERS = {
	"m-10": { e: "AA", r: "1 secondary 1" },
	"m-9": { e: "AB", r: "2 secondary 1" },
	"m-3": { e: "AC", r: "0 secondary 1" },
	"m-2": { e: "AD" },
	"m-1": { e: "AE", r: "1 secondary 2" },
};

function createResource(
	type: string,
	name: string,
	{ kind, outputs }: { kind: string; outputs: object },
): object {
	const token = `pulumi-nodejs:dynamic/${type.startsWith("Autopilot") ? "autopilot" : "iothub"}:${type}`;
	return {
		urn: `urn:pulumi:dev::site::${token}::${name}`,
		type: token,
		id: HUB,
		outputs: { hubHostName: HUB, __provider: trampoline(kind), ...outputs },
	};
}

async function runRotated(
	args: readonly string[],
	members: unknown = JSON.stringify(METERS),
): Promise<{ code: number; out: string; err: string }> {
	const resources = [
		createResource("DeviceFleet", "meters", { kind: "deviceFleet", outputs: { __members: members } }),
		createResource("DeviceFleet", "valves", {
			kind: "deviceFleet",
			outputs: { __members: JSON.stringify({ v: { r: "1 swap 3" } }) },
		}),
		createResource("DeviceIdentity", "pump", {
			kind: "deviceIdentity",
			outputs: { deviceId: "pump-1", __rotation: "4 primary 7" },
		}),
		createResource("AutopilotFleet", "kiosks", {
			kind: "autopilotFleet",
			outputs: { __members: { ...SECRET, ciphertext: "v1:x" } },
		}),
	];
	const file = join(folder, "state.json");
	writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources } }));
	let out = "";
	let err = "";
	const terminal = { print: (text: string) => (out += text), log: (text: string) => (err += text) };
	const code = await runCli(["rotated", "--state", file, ...args], terminal);
	return { code, out, err };
}

test("lists the devices that a rotation changed, one id on each line in natural order, and counts them apart", async () => {
	assert.deepEqual(await runRotated([]), {
		code: 0,
		out: "m-1\nm-9\nm-10\npump-1\nv\n",
		err: "5 devices with rotated keys\n",
	});
});

test("lists those of one resource, key type and generation", async () => {
	assert.equal((await runRotated(["--fleet", "meters", "--generation", "1"])).out, "m-9\nm-10\n");
	assert.equal((await runRotated(["--key-type=swap"])).out, "v\n");
	assert.equal((await runRotated(["--generation", "20261201"])).code, 0, "a generation may be a date");
	const none = await runRotated(["--fleet", "pump", "--key-type", "swap"]);
	assert.deepEqual([none.code, none.out, none.err], [0, "", "0 devices with rotated keys\n"]);
});

test("prints the same list as JSON, with the resource and the rotation of each", async () => {
	const { out } = await runRotated(["--fleet=valves", "--format=json"]);
	assert.deepEqual(JSON.parse(out), {
		devices: [{ deviceId: "v", hubHostName: HUB, keyType: "swap", generation: 3, resource: "valves" }],
	});
});

test("names a hub by its classic name, whichever one state has", async () => {
	const file = join(folder, "service.json");
	const outputs = {
		deviceId: "pump-1",
		__rotation: "4 primary 7",
		hubHostName: "plant.service.azure-devices.net",
	};
	const pump = createResource("DeviceIdentity", "pump", { kind: "deviceIdentity", outputs });
	writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: [pump] } }));
	let out = "";
	const terminal = { print: (text: string) => (out += text), log: () => {} };
	assert.equal(await runCli(["rotated", "--state", file, "--format=json"], terminal), 0);
	assert.equal(JSON.parse(out).devices[0].hubHostName, HUB);
});

test("refuses devices that are encrypted, and a resource that is not there", async () => {
	const encrypted = await runRotated([], { ...SECRET, ciphertext: "v1:x" });
	assert.deepEqual([encrypted.code, encrypted.out], [1, ""]);
	assert.match(encrypted.err, /devices of meters are encrypted .* `pulumi stack export --show-secrets`/);
	const missing = await runRotated(["--fleet", "metres"]);
	assert.match(
		missing.err,
		/^device-identity: The state has no resource "metres" of this package; .* \[CommandError\]\n/,
	);
});

test("refuses options that select nothing", async () => {
	for (const [args, problem] of [
		[["--key-type", "third"], /--key-type must be primary, secondary or swap, got "third"/],
		[["--generation", "0"], /--generation must be a whole number of at least 1, got "0"/],
		[["--stack", "dev"], /--state cannot be used with --stack/],
		[["--format", "table"], /--format must be ids or json, got "table"/],
	] as const) {
		const { code, err } = await runRotated(args);
		assert.equal(code, 1);
		assert.match(err, problem);
	}
});
