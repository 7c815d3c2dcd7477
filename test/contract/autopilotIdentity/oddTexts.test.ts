import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { CheckFailed } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import { assertMachineInStep, SERIAL, withTenant } from "./withTenant.ts";

/** Strings with a special meaning in a path, a query, a filter, a header or JSON. */
const ODD = [
	"O'Brien ''",
	"a' or contains(serialNumber,'a",
	"a&$top=1",
	"?$filter=x#y",
	"../users",
	"%2e%2e%2f%00%27",
	'"},{"x":"\\u0000',
	"a+b c/d\\e",
	"ßäé 工場 🏭",
	"a\u2028b\u2029c",
	"\u202eabc",
	"__proto__",
	"$& $1 $$",
];

describe("A machine is registered, changed and deleted with exactly the declared strings, with", () => {
	for (const odd of [...ODD, "x".repeat(2_000)]) {
		test(
			`${JSON.stringify(odd.slice(0, 40))} in its serial number and its group tag`,
			withTenant(async (tenant) => {
				const other = `${odd}.`;
				tenant.control.machines.seed([{ serialNumber: other, groupTag: odd }]);
				const declared = {
					serialNumber: odd,
					hardwareIdentifier: generateHardwareHash(odd),
					groupTag: odd,
				};
				const machine = await tenant.deploy(declared);
				const getMachine = () => tenant.control.machines.get(machine.known.id);
				assert.deepEqual([getMachine()?.serialNumber, getMachine()?.groupTag], [odd, odd]);
				await assertMachineInStep(tenant, machine, declared);
				await machine.up({ ...declared, groupTag: `${odd}2` });
				assert.equal(getMachine()?.groupTag, `${odd}2`);
				const { functions } = tenant.open();
				assert.equal((await functions.getMachine({ serialNumber: odd }))["id"], machine.known.id);
				const named = await functions.listMachines({ groupTag: `${odd}2` });
				assert.deepEqual(
					named.map(({ id }) => id),
					[machine.known.id],
				);
				await machine.destroy();
				assert.deepEqual(
					tenant.control.machines.list().map(({ serialNumber }) => serialNumber),
					[other],
				);
			}),
		);
	}
});

describe("An invalid value is refused before any request:", () => {
	const names = ["a'b", "a b", "a.b", "..", "%41", "ä", "a\n", "a\u2028", "\ud800", "x".repeat(16)];
	const refused: readonly (readonly [property: string, value: string])[] = [
		...["a\0", "a\r\nx-y: z", "\u001b[2J", "a\u0085", "\ud800", "a\udfff"].flatMap((text) => [
			["serialNumber", text] as const,
			["groupTag", text] as const,
		]),
		["groupTag", "x".repeat(2_049)],
		...names.map((name) => ["displayName", name] as const),
		["importId", "../x"],
		["assignedUserPrincipalName", "ada@contoso.com\r\nx: y"],
		["addressableUserName", "\ud800"],
		["productKey", "a\ud800"],
	];
	for (const [property, value] of refused) {
		test(
			`${JSON.stringify(value.slice(0, 20))} as its ${property}`,
			withTenant(async (tenant) => {
				const machine = {
					serialNumber: SERIAL,
					hardwareIdentifier: generateHardwareHash(SERIAL),
					[property]: value,
				};
				const error = await catchError(tenant.deploy(machine));
				assert.ok(error instanceof CheckFailed, error.message);
				assert.ok(error.message.startsWith(`${property}: `), error.message);
				assert.deepEqual(tenant.requests.list(), []);
			}),
		);
	}
});
