import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { generateHardwareHash, type HashedMachine } from "../../emulator/graph/hardwareHash.ts";
import type { Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, SERIAL, withTenant } from "./withTenant.ts";

const collect = (collectedAt: number, machine: HashedMachine = {}, serial = SERIAL): string =>
	generateHardwareHash(serial, { ...machine, collectedAt });

const MARCH = { serialNumber: SERIAL, hardwareIdentifier: collect(3), groupTag: "Kiosk" };
const JUNE = { ...MARCH, hardwareIdentifier: collect(6) };
const BLANK = { uuid: Buffer.alloc(16) };

/** Returns what release 0.1.0 recorded: fingerprints of the characters. */
function fingerprintText(text: string): string {
	return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Makes state look as release 0.1.0 wrote it. */
function forgetContent(resource: Resource, hash: string): void {
	const { outputs, ...state } = resource.known;
	const identity = `serialNumber=${fingerprintText(String(outputs["serialNumber"]))} hardwareIdentifier=${fingerprintText(hash)}`;
	resource.state = { ...state, outputs: { ...outputs, __identity: identity } };
}

/** Deploys a machine, lets something happen to its state, and forgets the requests and messages so far. */
async function deploy(tenant: TenantStage, declared: object, old = false): Promise<Resource> {
	const resource = await tenant.deploy({ ...declared });
	if (old) forgetContent(resource, String(Object(declared).hardwareIdentifier));
	tenant.requests.reset();
	tenant.words.said.splice(0);
	return resource;
}

const countWrites = ({ requests }: TenantStage): number =>
	requests.list().filter(({ method }) => method !== "GET").length;

describe("A hash that was collected again", () => {
	test(
		"is no change, in a plan, an update and a refresh",
		withTenant(async (tenant) => {
			const resource = await deploy(tenant, MARCH);
			assert.equal((await resource.plan(JUNE)).step, "same");
			assert.equal(await resource.up(JUNE), "same");
			assert.equal(await resource.refreshAndCompare(), false);
			assert.equal(await resource.up({ ...JUNE, groupTag: "Lab" }), "update");
			assert.equal(await resource.up(MARCH), "update");
			assert.equal(tenant.requests.count(ASK.queue), 0);
			assert.equal(tenant.requests.count(ASK.remove), 0);
			assert.deepEqual(tenant.words.said, []);
		}),
	);
	test(
		"is another machine if it says another mainboard",
		withTenant(async (tenant) => {
			const resource = await deploy(tenant, MARCH);
			const other = { ...MARCH, hardwareIdentifier: collect(6, { uuid: Buffer.alloc(16, 7) }) };
			assert.deepEqual((await resource.plan(other)).replaces, ["hardwareIdentifier"]);
			assert.match(
				tenant.words.said.join(),
				/will be deleted, and .* created in its place: hardwareIdentifier differs$/,
			);
		}),
	);
	for (const [title, march, june, reason] of [
		[
			"with a placeholder as UUID",
			collect(3, BLANK),
			collect(6, BLANK),
			/the UUID in the hash is a placeholder that many machines have$/,
		],
	] as const) {
		test(
			`${title} is compared as text, and the plan says so`,
			withTenant(async (tenant) => {
				const resource = await deploy(tenant, { ...MARCH, hardwareIdentifier: march });
				const plan = await resource.plan({ ...MARCH, hardwareIdentifier: june });
				assert.deepEqual(plan.replaces, ["hardwareIdentifier"]);
				assert.equal(tenant.words.said.length, 1);
				assert.match(tenant.words.said.join(), /hardwareIdentifier differs, and hashes are compared as text/);
				assert.match(tenant.words.said.join(), reason);
			}),
		);
	}
});

describe("With the same hash", () => {
	for (const [title, change] of [
		["a product key that is filled in later", { productKey: "PK-1" }],
		["the serial number of a row that was mistyped", { serialNumber: SERIAL }],
	] as const) {
		test(
			`${title} changes only state`,
			withTenant(async (tenant) => {
				const first = { ...MARCH, serialNumber: "5CG-typo", onSerialNumberMismatch: "accept" };
				const resource = await deploy(tenant, first);
				const { id } = resource.known;
				const declared = { ...first, ...change, hardwareIdentifier: JUNE.hardwareIdentifier };
				const plan = await resource.plan(declared);
				assert.equal(plan.step, "update");
				await plan.apply();
				assert.equal(resource.known.id, id);
				assert.equal(countWrites(tenant), 0);
				assert.equal((await resource.plan(declared)).step, "same");
			}),
		);
	}
});

describe("A state of release 0.1.0, which knows only the characters of the hash,", () => {
	test(
		"serves the same characters without a change",
		withTenant(async (tenant) => {
			const resource = await deploy(tenant, MARCH, true);
			assert.equal((await resource.plan(MARCH)).step, "same");
			assert.equal(await resource.refreshAndCompare(), false);
		}),
	);
	test(
		"lets the registration decide about other characters: where it agrees, state gets the new fingerprint",
		withTenant(async (tenant) => {
			const resource = await deploy(tenant, MARCH, true);
			const plan = await resource.plan(JUNE);
			assert.equal(plan.step, "update");
			await plan.apply();
			assert.equal(countWrites(tenant), 0);
			assert.match(String(resource.getOutput("__identity")), /hardwareIdentifier=machine:/);
			assert.equal((await resource.plan(MARCH)).step, "same");
			assert.deepEqual(tenant.words.said, []);
		}),
	);
	test(
		"plans no deletion where the registration disagrees, and the error says what to do",
		withTenant(async (tenant) => {
			const resource = await deploy(tenant, MARCH, true);
			const other = { ...MARCH, hardwareIdentifier: collect(6, { model: "Slate" }) };
			const { message, code } = (await catchError(resource.plan(other))) as Error & { code?: string };
			assert.equal(code, "IdentityMismatch");
			assert.match(
				message,
				/is registered with the model "Standard", but its declared hash has "Slate"\. .* Nothing was changed\..* remove this one from the program for one run/,
			);
			assert.equal(countWrites(tenant), 0);
		}),
	);
	test(
		"does not take a placeholder of firmware for a proof",
		withTenant(async (tenant) => {
			const serialNumber = "Default string";
			const march = { ...MARCH, serialNumber, hardwareIdentifier: collect(3, {}, serialNumber) };
			const resource = await deploy(tenant, march, true);
			const june = { ...march, hardwareIdentifier: collect(6, {}, serialNumber) };
			const { message } = await catchError(resource.plan(june));
			assert.match(
				message,
				/"Default string" does not show whether it is the same machine: declare the former hash/,
			);
		}),
	);
	test(
		"replaces a machine if the serial number is another one, too",
		withTenant(async (tenant) => {
			const resource = await deploy(tenant, MARCH, true);
			const other = { ...MARCH, serialNumber: "5CG-2", hardwareIdentifier: collect(6, {}, "5CG-2") };
			assert.deepEqual((await resource.plan(other)).replaces, ["serialNumber", "hardwareIdentifier"]);
		}),
	);
	test(
		"plans nothing if the registration cannot be read",
		withTenant(async (tenant) => {
			const resource = await deploy(tenant, MARCH, true);
			tenant.control.faults.add({ match: ASK.read, times: 99, action: { kind: "status", status: 403 } });
			await assert.rejects(resource.plan(JUNE));
			assert.equal(countWrites(tenant), 0);
		}),
	);
});

describe("A serial number that is not the one in the hash", () => {
	const mixedUp = { ...MARCH, serialNumber: "5CG-9" };
	test(
		"is refused before any request, with both",
		withTenant(async (tenant) => {
			const { message } = await catchError(tenant.deploy(mixedUp));
			assert.match(
				message,
				/serialNumber is "5CG-9", but the hardware hash has the serial number "5CG1234ABC"/,
			);
			assert.deepEqual(tenant.requests.list(), []);
		}),
	);
	test(
		"is accepted if the program insists, and the output is the one that the service lists",
		withTenant(async (tenant) => {
			const insisting = { ...mixedUp, onSerialNumberMismatch: "accept" };
			const resource = await deploy(tenant, insisting);
			assert.equal(resource.getOutput("serialNumber"), SERIAL);
			assert.equal((await resource.plan(insisting)).step, "same");
			assert.equal(await resource.refreshAndCompare(), false);
			await resource.destroy();
			assert.deepEqual(tenant.control.machines.list(), []);
		}),
	);
	test(
		"is not used to adopt: the machine of the hash is found, not another one with the declared serial number",
		withTenant(async (tenant) => {
			const [own, other] = tenant.control.machines.seed([
				{ serialNumber: SERIAL, hardwareIdentifier: collect(1) },
				{ serialNumber: "5CG-9" },
			]);
			const insisting = { ...mixedUp, adopt: true, onSerialNumberMismatch: "accept" };
			const resource = await deploy(tenant, insisting);
			assert.equal(resource.known.id, own?.id);
			assert.equal(tenant.control.machines.get(other?.id ?? "")?.revision, 1);
		}),
	);
	test(
		"in the registration is an error in words, and state has the registration",
		withTenant(async (tenant) => {
			const resource = tenant.createResource();
			tenant.control.onRequest(() => {
				for (const { id, serialNumber } of tenant.control.machines.list())
					if (serialNumber === SERIAL) tenant.control.machines.change(id, { serialNumber: "SURPRISE" });
			});
			const { message } = await catchError(resource.up(MARCH));
			assert.match(message, /but Intune lists it with the serial number "SURPRISE"/);
			assert.match(resource.known.initErrors.join(), /\[SerialNumberMismatch\]$/);
			assert.equal(resource.known.id, tenant.control.machines.list()[0]?.id);
		}),
	);
});
