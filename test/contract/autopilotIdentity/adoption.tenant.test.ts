import assert from "node:assert/strict";
import { test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { Resource } from "../harness/resource.ts";
import type { Values } from "../subject/subject.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import { SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const ADA = "ada@contoso.com";

/** Three machines, two of them with the same placeholder serial number. */
const SEEDS = [
	{ serialNumber: SERIAL, groupTag: "Kiosk", displayName: "FRONT-1" },
	{
		serialNumber: "Default string",
		productKey: "AAA",
		userPrincipalName: ADA,
		addressableUserName: "Ada",
	},
	{ serialNumber: "Default string", hardwareIdentifier: generateHardwareHash("another board") },
];

test(
	"A tenant's machines are adopted as they are, without a hash, and then nothing changes",
	withTenant(async (tenant) => {
		tenant.control.machines.seed(SEEDS);
		const { machines, skipped } = (await tenant.open().findAdoptable({})).toResources();
		assert.deepEqual(skipped, []);
		assert.deepEqual(
			new Set(machines.map(({ inputs }) => inputs)),
			new Set([
				{ serialNumber: SERIAL, adopt: true, groupTag: "Kiosk", displayName: "FRONT-1" },
				{
					serialNumber: "Default string",
					adopt: true,
					assignedUserPrincipalName: ADA,
					addressableUserName: "Ada",
				},
				{ serialNumber: "Default string", adopt: true },
			]),
		);
		for (const { id, inputs, outputs } of machines) {
			const life = tenant.open().autopilotIdentity;
			assert.deepEqual(await life.check({}, inputs), { inputs, failures: [] });
			const { changes, replaces } = await life.diff(id, { ...outputs }, inputs);
			assert.deepEqual([changes, replaces], [false, []]);
		}
		assert.deepEqual(tenant.words.said, []);
	}),
);

/** Adds the machines of {@link SEEDS} as a fleet to the existing state. */
async function adoptFleet(tenant: TenantStage) {
	const [single, first, second] = tenant.control.machines.seed(SEEDS);
	assert.ok(single && first && second);
	const { count, toFleet } = await tenant.open().findAdoptable({});
	const { fleet, machines, skipped } = toFleet();
	assert.deepEqual([count, skipped], [3, []]);
	const resource = new Resource(() => tenant.words.listenTo(tenant.open().autopilotFleet));
	resource.state = { ...fleet, initErrors: [] };
	const declared: Values = { adopt: true, machines: JSON.stringify(Object.fromEntries(machines)) };
	return { single, first, second, machines, resource, declared };
}

test(
	"A tenant's machines are adopted as one fleet, in which each member keeps its registration id",
	withTenant(async (tenant) => {
		const { single, first, second, machines, resource, declared } = await adoptFleet(tenant);
		assert.deepEqual(Object.fromEntries(machines), {
			[SERIAL]: { groupTag: "Kiosk", displayName: "FRONT-1" },
			[`Default string (${first.id})`]: {
				serialNumber: "Default string",
				assignedUserPrincipalName: ADA,
				addressableUserName: "Ada",
			},
			[`Default string (${second.id})`]: { serialNumber: "Default string" },
		});
		assert.equal(resource.getOutput("count"), 3);
		tenant.requests.reset();
		assert.equal(await resource.up(declared), "same");
		await resource.refresh();
		assert.equal(await resource.up(declared), "same");
		assert.deepEqual(
			tenant.requests.list().filter(({ method }) => method !== "GET"),
			[],
		);
		assert.deepEqual(tenant.words.said, []);
		tenant.control.machines.change(single.id, { groupTag: "Office" });
		assert.equal(await resource.up(declared), "update");
		assert.equal(tenant.getMachine(SERIAL).groupTag, "Kiosk");
		await resource.destroy();
		assert.deepEqual(tenant.control.machines.list(), []);
	}),
);

for (const isRefreshed of [false, true]) {
	test(
		`A deleted adopted machine is not looked up by a serial number that another machine has${isRefreshed ? ", even after a refresh" : ""}`,
		withTenant(async (tenant) => {
			const { first, second, machines, resource, declared } = await adoptFleet(tenant);
			tenant.control.machines.remove(first.id);
			if (isRefreshed) await resource.refresh();
			const name = `Default string (${first.id})`;
			await assert.rejects(resource.up(declared), ({ message }: Error) => {
				assert.ok(
					message.includes(
						`: ${name} no longer exists, and it cannot be created again because Default string (${second.id}) has `,
					),
				);
				assert.match(
					message,
					/has the same declaration\. Remove .* from the machines\. \[DeletedElsewhere\]/,
				);
				return true;
			});
			const rest = Object.fromEntries([...machines].filter(([other]) => other !== name));
			const step = await resource.up({ ...declared, machines: JSON.stringify(rest) });
			assert.equal(step, isRefreshed ? "same" : "update");
			assert.deepEqual(
				new Set(tenant.control.machines.list().map(({ serialNumber }) => serialNumber)),
				new Set([SERIAL, "Default string"]),
			);
			assert.equal(resource.getOutput("count"), 2);
		}),
	);
}

test(
	"A part of a tenant is adopted by a group tag or a part of the serial number",
	withTenant(async (tenant) => {
		tenant.control.machines.seed([
			{ serialNumber: "5CG-1", groupTag: "Kiosk" },
			{ serialNumber: "5CG-2", groupTag: "Office" },
			{ serialNumber: "PF-3", groupTag: "Kiosk" },
		]);
		const listSerials = async (args: { serialNumber?: string; groupTag?: string }) =>
			(await tenant.open().findAdoptable(args))
				.toResources()
				.machines.map(({ inputs }) => inputs["serialNumber"]);
		assert.deepEqual((await listSerials({ groupTag: "Kiosk" })).sort(), ["5CG-1", "PF-3"]);
		assert.deepEqual((await listSerials({ serialNumber: "5CG" })).sort(), ["5CG-1", "5CG-2"]);
	}),
);

test(
	"Each machine has the timeout of a read, however long all reads take together",
	withTenant(async (tenant) => {
		const seeds = Array.from({ length: 100 }, (_, at) => ({ serialNumber: `5CG-${at}` }));
		tenant.control.machines.seed(seeds);
		// Ten seconds for each request, sixteen of which are under way at a time.
		const now = (): number => 10_000 * tenant.requests.count();
		const shared = {
			now,
			getWallTime: Date.now,
			random: () => 0.5,
			sleep: () => new Promise<void>(() => {}),
		};
		const { count } = await tenant.open({ timeout: "500s", shared }).findAdoptable({});
		assert.equal(count, 100);
	}),
);

test(
	"A strategy that does not support display names leaves the name undeclared",
	withTenant(async (tenant) => {
		tenant.control.machines.seed([{ serialNumber: SERIAL, groupTag: "Kiosk", displayName: "FRONT-1" }]);
		const { machines } = (await tenant.open().findAdoptable({})).toResources();
		assert.deepEqual(
			machines.map(({ inputs }) => inputs),
			[{ serialNumber: SERIAL, adopt: true, groupTag: "Kiosk" }],
		);
	}, UPLOAD),
);
