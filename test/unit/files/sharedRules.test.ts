import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadAutopilotCsv } from "../../../provider/files/autopilotCsv.ts";
import { loadFleetFile } from "../../../provider/files/fleetFile.ts";
import { MANAGED_FIELDS } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { getMachineRules } from "../../../provider/graph/autopilotIdentity.rules.ts";
import { AUTOPILOT_IDENTITY_SCHEMA } from "../../../provider/graph/autopilotIdentity.schema.ts";
import { getDeviceRules } from "../../../provider/iothub/deviceIdentity.rules.ts";
import { DEVICE_IDENTITY_SCHEMA } from "../../../provider/iothub/deviceIdentity.schema.ts";
import { generateHardwareHash } from "../../emulator/graph/hardwareHash.ts";
import { writeCsv } from "./csvFile.ts";
import { writeFleetText } from "./fleetFile.ts";

interface Authentication {
	readonly type?: string | undefined;
	readonly symmetricKey?: object | undefined;
	readonly x509Thumbprint?: object | undefined;
}

/** Whether the resource's check accepts a device as a fleet declares it. */
function isAcceptedByCheck(
	deviceId: string,
	device: { authentication?: Authentication | undefined },
): boolean {
	const { authentication = {} } = device;
	const type = authentication.type ?? (authentication.x509Thumbprint === undefined ? "sas" : "selfSigned");
	const inputs = { deviceId, ...device, authentication: { ...authentication, type } };
	const fields: Readonly<Record<string, (typeof DEVICE_IDENTITY_SCHEMA)["deviceId"]>> =
		DEVICE_IDENTITY_SCHEMA;
	return (
		Object.entries(inputs).every(
			([name, value]) => (fields[name]?.validate(value, name) ?? []).length === 0,
		) && getDeviceRules("2021-04-12").every((rule) => rule(inputs).length === 0)
	);
}

const key = fc.constantFrom(
	Buffer.alloc(32, 1).toString("base64"),
	Buffer.alloc(8, 1).toString("base64"),
	"a key",
);
const thumbprint = fc.constantFrom("ab".repeat(20), "AB".repeat(32), "ab".repeat(19), "xy".repeat(20));
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const defined = <Values extends object>(values: Values): Values => JSON.parse(JSON.stringify(values));

const device = fc.record({
	status: maybe(fc.constantFrom("enabled", "disabled", "on")),
	statusReason: maybe(fc.constantFrom("spare", "x".repeat(128), "x".repeat(129), "\ud800")),
	authentication: maybe(
		fc.record({
			type: maybe(fc.constantFrom("sas", "selfSigned", "certificateAuthority", "none")),
			symmetricKey: maybe(fc.record({ primaryKey: key, secondaryKey: maybe(key) })),
			x509Thumbprint: maybe(
				fc.record({ primaryThumbprint: thumbprint, secondaryThumbprint: maybe(thumbprint) }),
			),
		}),
	),
});
const id = fc.constantFrom("a", "a b", "..", "a+b", "x".repeat(128), "x".repeat(129), "a\u200Bb", "ü", "$");

test("the reader of devices accepts what the check accepts, and refuses the rest with its line", () => {
	fc.assert(
		fc.property(id, device, (id, given) => {
			const declared = defined(given);
			const text = `{"id":"first"}\n${JSON.stringify({ id, ...declared })}\n`;
			const { devices, diagnostics } = loadFleetFile(writeFleetText("plant.ndjson", text));
			if (isAcceptedByCheck(id, declared)) {
				assert.deepEqual(diagnostics, [], text);
				assert.ok(isAcceptedByCheck(id, devices[id] ?? {}));
			} else {
				assert.notEqual(diagnostics.length, 0, text);
				for (const { line } of diagnostics) assert.equal(line, 2);
			}
		}),
		{ numRuns: 1_000 },
	);
});

const HASH = generateHardwareHash("S-1", { size: 2_999 });
const MACHINE_RULES = getMachineRules({ strategy: "live", fields: MANAGED_FIELDS });

test("the reader of machines accepts what the check accepts, and refuses the rest with its line", () => {
	const machine = fc.record({
		serialNumber: fc.constantFrom(
			"S-1",
			" S-1 ",
			"S\t1",
			" ",
			"S-2",
			"='S-1'",
			"'S-1",
			"1234.0",
			"nan",
			"S-1\u00A0",
		),
		hardwareIdentifier: fc.constantFrom(
			HASH,
			HASH.replace(/=+$/, ""),
			HASH.slice(0, 3_000),
			`${HASH.slice(0, 76)}\n${HASH.slice(76)}`,
			HASH.slice(0, -3),
			Buffer.alloc(3_000, "x").toString("base64"),
		),
		groupTag: fc.constantFrom("Kiosk", "x".repeat(2_049), "a\nb"),
		assignedUserPrincipalName: fc.constantFrom("ada@contoso.com", "ada", "a b@contoso.com"),
	});
	fc.assert(
		fc.property(machine, fc.constantFrom("fail" as const, "accept" as const), (declared, policy) => {
			const names = ["serialNumber", "hardwareIdentifier", "groupTag", "assignedUserPrincipalName"] as const;
			const isAccepted = (values: Readonly<Record<(typeof names)[number], string>>): boolean =>
				names.every((name) => AUTOPILOT_IDENTITY_SCHEMA[name].validate(values[name], name).length === 0) &&
				MACHINE_RULES.every((rule) => rule({ ...values, onSerialNumberMismatch: policy }).length === 0);
			const cells = names.map((name) => `"${declared[name]}"`);
			const text = `Device Serial Number,Hardware Hash,Group Tag,Assigned User\n${cells.join(",")}\n`;
			const { machines, diagnostics } = loadAutopilotCsv(writeCsv(text), { onSerialNumberMismatch: policy });
			if (isAccepted(declared)) {
				assert.deepEqual(diagnostics, []);
				const [read] = machines;
				assert.ok(read !== undefined && isAccepted({ ...declared, ...read }));
				assert.equal(read.hardwareIdentifier, HASH);
			} else {
				assert.notEqual(diagnostics.length, 0);
				for (const { line } of diagnostics) assert.equal(line, 2);
			}
		}),
		{ numRuns: 300 },
	);
});
