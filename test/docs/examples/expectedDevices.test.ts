import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Control, type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { compareDevices, type ExpectedDevice } from "./expectedDevices.ts";

const KEYS = [Buffer.alloc(32, 1).toString("base64"), Buffer.alloc(32, 2).toString("base64")] as const;
const PRINT = "ab".repeat(20);
const BASE = { status: "enabled", reason: null, edge: false, parent: null } as const;

const EXPECTED: readonly ExpectedDevice[] = [
	{ ...BASE, id: "gateway", type: "certificateAuthority", edge: true },
	{ ...BASE, id: "keyed", type: "sas", keys: KEYS, reason: "for the test", parent: "gateway" },
	{ ...BASE, id: "printed", type: "selfSigned", thumbprints: [PRINT, null], status: "disabled" },
];

describe("the check of the registry", () => {
	let emulator: Emulator;
	before(async () => {
		emulator = await startEmulator();
	});
	after(() => emulator.close());

	/** Returns the differences after a change to a registry that was as expected. */
	function changed(change: (devices: Control["devices"]) => void): readonly string[] {
		const { devices } = emulator.control;
		for (const { deviceId } of devices.list()) devices.remove(deviceId);
		const [gateway] = devices.seed([
			{
				deviceId: "gateway",
				authentication: { type: "certificateAuthority" },
				capabilities: { iotEdge: true },
			},
		]);
		devices.seed([
			{
				deviceId: "keyed",
				statusReason: "for the test",
				deviceScope: gateway?.deviceScope ?? "",
				authentication: { type: "sas", symmetricKey: { primaryKey: KEYS[0], secondaryKey: KEYS[1] } },
			},
			{
				deviceId: "printed",
				status: "disabled",
				authentication: { type: "selfSigned", x509Thumbprint: { primaryThumbprint: PRINT } },
			},
		]);
		change(devices);
		return compareDevices(EXPECTED, devices.list());
	}

	it("accepts a registry that is as declared", () =>
		assert.deepEqual(
			changed(() => {}),
			[],
		));

	const CASES: readonly [what: string, change: (devices: Control["devices"]) => void, told: RegExp][] = [
		[
			"a status",
			(devices) => devices.change("keyed", { status: "disabled" }),
			/^keyed: status is "disabled", declared as "enabled"$/,
		],
		[
			"a reason",
			(devices) => devices.change("keyed", { statusReason: null }),
			/^keyed: reason is null, declared as "for the test"$/,
		],
		[
			"keys, without showing them",
			(devices) => devices.rotateKeys("keyed"),
			/^keyed: keys are not the declared ones$/,
		],
		[
			"a thumbprint",
			(devices) =>
				devices.change("printed", {
					authentication: { x509Thumbprint: { primaryThumbprint: PRINT.toUpperCase() } },
				}),
			/^printed: thumbprints is \["ABAB/,
		],
		[
			"a parent",
			(devices) => devices.change("keyed", { deviceScope: "" }),
			/^keyed: parent is null, declared as "gateway"$/,
		],
		[
			"a parent that was created again",
			(devices) => devices.recreate("gateway"),
			/^keyed: parent is "the scope .*, which no gateway has", declared as "gateway"$/,
		],
		[
			"a missing device",
			(devices) => devices.remove("printed"),
			/^printed is declared but is not in the registry$/,
		],
		[
			"an extra device",
			(devices) => devices.seed([{ deviceId: "stranger" }]),
			/^stranger is in the registry but is not declared$/,
		],
	];
	for (const [what, change, told] of CASES) {
		it(`reports ${what}`, () => {
			const found = changed(change);
			assert.equal(found.length, 1, found.join("\n"));
			assert.match(found[0] ?? "", told);
		});
	}

	it("reports another type with everything that depends on it", () => {
		const found = changed((devices) => devices.change("printed", { authentication: { type: "sas" } }));
		assert.match(found.join("\n"), /^printed: type is "sas", declared as "selfSigned"/);
	});
});
