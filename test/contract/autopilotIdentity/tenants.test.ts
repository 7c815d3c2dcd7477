import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RepeatedFault } from "../../../provider/sharedFault.ts";
import { PREVIEW_INPUT } from "../../../provider/stateKeys.ts";
import { generateHardwareHash, OTHER_TENANT_ID, TENANT_ID } from "../../emulator/emulator.ts";
import { checkInputs, type Resource } from "../harness/resource.ts";
import { catchError } from "../scene.ts";
import { EntraToken } from "../subject/entraToken.ts";
import type { Values } from "../subject/subject.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { ASK, PRESS, withTenant } from "./withTenant.ts";

const WRONG = RegExp(
	`^The machines of this stack belong to the Entra tenant ${TENANT_ID}, but the sign-in \\(.*\\) is to the tenant ${OTHER_TENANT_ID}\\. ` +
		`.*AUTOPILOT_FORMER_TENANT_ID=${TENANT_ID} `,
);
const CHANGED = { ...PRESS, groupTag: "Front desk" };
const MOVED = { ...PRESS, serialNumber: "5CG-2", hardwareIdentifier: generateHardwareHash("5CG-2") };

/** Continues the stack of a resource in processes that are signed in to the other tenant. */
function signInElsewhere(tenant: TenantStage, { state }: Resource, config: Values = {}): Resource {
	const elsewhere = tenant.createResource({
		credential: tenant.foreignToken,
		config: config as Record<string, string>,
	});
	elsewhere.state = state;
	return elsewhere;
}

/** Returns the resource with the state that a release without the record wrote. */
function forgetTenant(resource: Resource): Resource {
	const { outputs, ...rest } = resource.known;
	const { tenantId: _, ...older } = outputs;
	resource.state = { ...rest, outputs: older };
	return resource;
}

describe("A run that is signed in to another tenant", () => {
	const RUNS: Readonly<Record<string, (resource: Resource) => Promise<unknown>>> = {
		"an unchanged plan": (resource) => resource.plan(PRESS),
		"a plan of a change": (resource) => resource.plan(CHANGED),
		"an update": (resource) => resource.up(CHANGED),
		"a replacement": (resource) => resource.up(MOVED),
		"a refresh": (resource) => resource.refresh(),
		"a deletion": (resource) => resource.destroy(),
	};
	for (const [name, run] of Object.entries(RUNS)) {
		test(
			`stops ${name} before any request, and keeps state`,
			withTenant(async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				tenant.requests.reset();
				const elsewhere = signInElsewhere(tenant, resource);
				const error = await catchError(run(elsewhere));
				assert.match(error.message, WRONG);
				assert.equal("code" in error && error.code, "WrongTenant");
				assert.deepEqual(elsewhere.state, resource.state);
				assert.equal(tenant.requests.count(), 0);
				assert.doesNotMatch(tenant.words.said.join(), /outside Pulumi/);
				assert.equal((await resource.plan(PRESS)).step, "same");
			}),
		);
	}

	test(
		"is not believed by a report either",
		withTenant(async (tenant) => {
			const { id, outputs } = (await tenant.deploy(PRESS)).known;
			for (const consistency of ["strong", "eventual"] as const) {
				const provider = tenant.connect({ credential: tenant.foreignToken });
				const error = await catchError(provider.inspectResource(id, outputs, { consistency }));
				assert.match(error.message, WRONG);
			}
		}),
	);

	test(
		"is reported once, however many machines the stack has",
		withTenant(async (tenant) => {
			const { id, outputs } = (await tenant.deploy(PRESS)).known;
			tenant.requests.reset();
			const provider = tenant.connect({ credential: tenant.foreignToken });
			const errors = await Promise.all(
				Array.from({ length: 40 }, () => catchError(provider.read(id, outputs))),
			);
			const repeated = errors.filter((error) => error instanceof RepeatedFault && error.isUntried);
			assert.equal(repeated.length, errors.length - 1);
			assert.equal(tenant.requests.count(), 0);
		}),
	);

	test(
		"registers no new machine there once the process knows the stack's tenant",
		withTenant(async (tenant) => {
			const { id, outputs } = (await tenant.deploy(PRESS)).known;
			const provider = tenant.connect({ credential: tenant.foreignToken });
			await catchError(provider.diff(id, outputs, PRESS));
			const { failures } = await provider.check({}, { ...MOVED, [PREVIEW_INPUT]: true });
			assert.match(failures[0]?.reason ?? "", /belong to the Entra tenant .* \[WrongTenant\]$/);
			const inputs = await checkInputs(provider, { declared: MOVED, state: undefined });
			await catchError(provider.create(inputs));
			assert.deepEqual(tenant.control.otherTenantMachines.imports(), []);
		}),
	);

	test(
		"stops in the middle of an operation if the sign-in changes, and the next run finds the import",
		withTenant(async (tenant) => {
			let requests = 0;
			const credential = tenant.token.replaceHeader(() =>
				++requests > 4 ? tenant.foreignToken.getAuthorizationHeader() : tenant.token.getAuthorizationHeader(),
			);
			const resource = tenant.createResource();
			const broken = tenant.createResource({ credential });
			assert.match((await catchError(broken.up(PRESS))).message, WRONG);
			assert.equal(tenant.listRecords().length, 1);
			tenant.pass(60_000);
			await resource.up(PRESS);
			assert.equal(resource.getOutput("tenantId"), TENANT_ID);
			assert.equal(tenant.control.machines.list().length, 1);
		}),
	);
});

describe("The tenant of a machine", () => {
	test(
		"is an output after its import, and after an adoption",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			assert.equal(resource.getOutput("tenantId"), TENANT_ID);
			await resource.up(CHANGED);
			await resource.refresh();
			assert.equal(resource.getOutput("tenantId"), TENANT_ID);
			const adopted = await tenant.deploy({ ...CHANGED, adopt: true });
			assert.equal(adopted.getOutput("tenantId"), TENANT_ID);
			const { id } = resource.known;
			const read = await tenant.connect().read(id, {});
			assert.equal(read.props["tenantId"], TENANT_ID);
		}),
	);

	test(
		"is recorded for a machine that is not yet as declared",
		withTenant(
			async (tenant) => {
				tenant.control.faults.add({ match: ASK.change, action: { kind: "status", status: 403 } });
				const resource = tenant.createResource();
				const declared = { ...PRESS, displayName: "FRONT-1" };
				await catchError(resource.up(declared));
				assert.ok(resource.known.initErrors.length > 0);
				assert.equal(resource.getOutput("tenantId"), TENANT_ID);
			},
			{ records: 1 },
		),
	);

	test(
		"is no change of a state without it, and is recorded by a refresh or a write",
		withTenant(async (tenant) => {
			const resource = forgetTenant(await tenant.deploy(PRESS));
			assert.equal((await resource.plan(PRESS)).step, "same");
			await resource.refresh();
			assert.equal(resource.getOutput("tenantId"), TENANT_ID);
			assert.equal((await resource.plan(PRESS)).step, "same");
			await forgetTenant(resource).up(CHANGED);
			assert.equal(resource.getOutput("tenantId"), TENANT_ID);
			assert.deepEqual(tenant.words.said, []);
		}),
	);

	test(
		"is neither compared nor recorded if tokens are opaque",
		withTenant(async (tenant) => {
			const known = await tenant.deploy(PRESS);
			const { signIn } = tenant.control;
			signIn.isOpaque = true;
			const resource = tenant.createResource({ credential: new EntraToken(tenant.emulator) });
			resource.state = known.state;
			assert.equal(await resource.up(CHANGED), "update");
			await resource.refresh();
			assert.equal(resource.getOutput("tenantId"), TENANT_ID, "the record is kept");
			await resource.destroy();
			await resource.up(PRESS);
			assert.equal(resource.getOutput("tenantId"), undefined);
		}),
	);

	test(
		"is recorded for machines to adopt",
		withTenant(async (tenant) => {
			tenant.control.machines.seed([{ serialNumber: "5CG-7" }]);
			const adoptable = await tenant.open().findAdoptable({});
			assert.equal(adoptable.toResources().machines[0]?.outputs["tenantId"], TENANT_ID);
			assert.equal(adoptable.toFleet().fleet.outputs["tenantId"], TENANT_ID);
		}),
	);
});

describe("autopilot:formerTenantId", () => {
	const MOVE = { "autopilot:formerTenantId": TENANT_ID.toUpperCase() };

	test(
		"lets a run register machines in the tenant to which they were moved, and state then names that tenant",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.machines.remove(resource.known.id);
			const moved = signInElsewhere(tenant, resource, MOVE);
			assert.equal(await moved.up(PRESS), "replace");
			assert.equal(moved.getOutput("tenantId"), OTHER_TENANT_ID);
			assert.deepEqual(tenant.control.machines.list(), []);
			assert.equal(tenant.control.otherTenantMachines.list().length, 1);
			const later = signInElsewhere(tenant, moved);
			assert.equal((await later.plan(PRESS)).step, "same");
			const back = tenant.createResource();
			back.state = moved.state;
			assert.match((await catchError(back.refresh())).message, /belong to the Entra tenant b1f7c6d2-/);
		}),
	);

	test(
		"takes over machines that are registered there already, with adopt",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.machines.remove(resource.known.id);
			const [there] = tenant.control.otherTenantMachines.seed([
				{ serialNumber: String(PRESS["serialNumber"]), groupTag: "Kiosk" },
			]);
			const moved = signInElsewhere(tenant, resource, MOVE);
			await moved.up({ ...PRESS, adopt: true });
			assert.equal(moved.known.id, there?.id);
			assert.equal(moved.getOutput("tenantId"), OTHER_TENANT_ID);
		}),
	);

	test(
		"must be a GUID",
		withTenant(async (tenant) => {
			assert.throws(() => tenant.open({ config: { "autopilot:formerTenantId": "contoso.com" } }), {
				key: "autopilot:formerTenantId",
				message: /is "contoso.com", which is not a tenant id; it must be a GUID such as /,
			});
		}),
	);
});
