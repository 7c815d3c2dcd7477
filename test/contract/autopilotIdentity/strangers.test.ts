import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, assertMachineInStep, SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const PLACEHOLDER = "Default string";
const hashOf = (
	uuid: string,
	product: { manufacturer?: string; model?: string } = {},
	serial = PLACEHOLDER,
) => generateHardwareHash(serial, { uuid: Buffer.from(uuid.padEnd(16)), ...product });

const OWN_HASH = hashOf("own");
const DECLARED = { serialNumber: PLACEHOLDER, hardwareIdentifier: OWN_HASH, groupTag: "Lab", adopt: true };

/** Registers a machine of the placeholder serial number, as its hash says. */
function seed(tenant: TenantStage, hardwareIdentifier: string, serialNumber = PLACEHOLDER) {
	const product = { manufacturer: "Contoso", model: "Standard" };
	const [machine] = tenant.control.machines.seed([
		{ serialNumber, hardwareIdentifier, groupTag: "Reception", ...product },
	]);
	if (machine === undefined) throw new TypeError("one seed makes one machine");
	return machine;
}

/** Asserts that an error lists these machines, and that nobody wrote to them. */
function assertListed(
	tenant: TenantStage,
	message: string,
	machines: readonly { readonly id: string }[],
): void {
	for (const machine of machines) {
		assert.ok(message.includes(`${machine.id} (serial number`), message);
		assert.deepEqual(tenant.control.machines.get(machine.id), machine);
	}
	assert.match(message, /Contoso Standard, group tag "Reception"/);
	assert.match(message, /npx device-identity adopt --autopilot/);
	assert.doesNotMatch(message, /set `adopt: true`/);
	assert.equal(tenant.requests.count(ASK.change), 0);
}

for (const [title, setup] of [
	["live", {}],
	["upload", { ...UPLOAD, records: 1 }],
] as const)
	describe(`A stranger with the same serial number, with strategy ${title}`, () => {
		test(
			"is not adopted in place of a machine that its hash proves to be new, and outlives it",
			withTenant(async (tenant) => {
				const stranger = seed(tenant, hashOf("theirs"));
				const resource = await tenant.deploy(DECLARED);
				assert.notEqual(resource.known.id, stranger.id);
				await assertMachineInStep(tenant, resource, DECLARED);
				if (title === "live") await resource.destroy();
				assert.deepEqual(tenant.control.machines.get(stranger.id), stranger);
			}, setup),
		);
	});

describe("A machine whose hash is registered", () => {
	test(
		"is adopted if one registration has its serial number, manufacturer and model",
		withTenant(async (tenant) => {
			const hardwareIdentifier = hashOf("own", {}, SERIAL);
			const own = seed(tenant, hardwareIdentifier, SERIAL);
			tenant.control.machines.seed([{ serialNumber: SERIAL, manufacturer: "Fabrikam", model: "Standard" }]);
			const declared = { serialNumber: SERIAL, hardwareIdentifier, groupTag: "Lab", adopt: true };
			const resource = await tenant.deploy(declared);
			assert.equal(resource.known.id, own.id);
			await assertMachineInStep(tenant, resource, declared);
		}),
	);
	test(
		"is not adopted if its serial number is a placeholder, although one registration has it",
		withTenant(async (tenant) => {
			const own = seed(tenant, OWN_HASH);
			const { message } = await catchError(tenant.deploy(DECLARED));
			assert.match(message, /nobody filled it in/);
			assertListed(tenant, message, [own]);
			const { adopt: _, ...declared } = DECLARED;
			const refused = await catchError(tenant.deploy(declared));
			assert.match(refused.message, /exists already and was left as it is[\s\S]*it may be .*AlreadyAssigned/);
			assertListed(tenant, refused.message, [own]);
		}),
	);
	test(
		"is not adopted if several registrations may be it, and the error lists them",
		withTenant(async (tenant) => {
			const machines = ["own", "b", "c"].map((uuid) => seed(tenant, hashOf(uuid, {}, SERIAL), SERIAL));
			const declared = { serialNumber: SERIAL, hardwareIdentifier: hashOf("own", {}, SERIAL) };
			const { message } = await catchError(tenant.deploy({ ...declared, adopt: true }));
			assert.match(message, /"5CG1234ABC" does not identify one of 3 registered machines/);
			assertListed(tenant, message, machines);
			const refused = await catchError(tenant.deploy(declared));
			assert.match(refused.message, /it may be one of/);
			assertListed(tenant, refused.message, machines);
		}),
	);
	test(
		"is adopted by its product key, which proves which registration it is",
		withTenant(async (tenant) => {
			const [own] = tenant.control.machines.seed([
				{ serialNumber: PLACEHOLDER, hardwareIdentifier: OWN_HASH, productKey: "PK-1" },
				{ serialNumber: PLACEHOLDER, hardwareIdentifier: hashOf("other"), productKey: "PK-2" },
			]);
			const resource = await tenant.deploy({ ...DECLARED, productKey: "PK-1" });
			assert.equal(resource.known.id, own?.id);
		}),
	);
	test(
		"is not looked for under a serial number that only the program says",
		withTenant(async (tenant) => {
			seed(tenant, OWN_HASH);
			const stranger = seed(tenant, hashOf("theirs", {}, SERIAL), SERIAL);
			const accepting = { ...DECLARED, serialNumber: SERIAL, onSerialNumberMismatch: "accept" };
			const { message } = await catchError(tenant.deploy(accepting));
			assertListed(tenant, message, [stranger]);
		}),
	);
});

describe("A machine that is declared without its hash", () => {
	test(
		"is not adopted by a placeholder, even if one registration has it",
		withTenant(async (tenant) => {
			const stranger = seed(tenant, OWN_HASH);
			const { hardwareIdentifier: _, ...declared } = DECLARED;
			const { message } = await catchError(tenant.deploy(declared));
			assertListed(tenant, message, [stranger]);
			assert.equal(tenant.requests.count(ASK.queue), 0);
			const lookup = tenant.open().functions.getMachine({ serialNumber: PLACEHOLDER });
			assertListed(tenant, (await catchError(lookup)).message, [stranger]);
		}),
	);
	test(
		"and was deleted is not reported as registered again because another machine has its placeholder",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy({ ...DECLARED, adopt: false });
			tenant.control.machines.remove(resource.known.id);
			seed(tenant, hashOf("theirs"));
			const { said } = tenant.words;
			const before = said.length;
			await resource.plan({ ...DECLARED, adopt: false });
			assert.doesNotMatch(said.slice(before).join(), /again as|registration id/);
		}),
	);
});

test(
	"Members of a fleet with one placeholder serial number each get the registration of their own hash",
	withTenant(async (tenant) => {
		const stranger = seed(tenant, hashOf("theirs"));
		const fleet = new Resource(() => tenant.words.listenTo(tenant.open().autopilotFleet));
		const members = { left: { ...DECLARED }, right: { ...DECLARED, hardwareIdentifier: hashOf("right") } };
		const machines = Object.fromEntries(
			Object.entries(members).map(([name, { adopt: _, ...member }]) => [name, member]),
		);
		await fleet.up({ adopt: true, machines: JSON.stringify(machines) });
		assert.equal(tenant.control.machines.list().length, 3);
		await fleet.destroy();
		assert.deepEqual(tenant.control.machines.list(), [stranger]);
	}),
);
