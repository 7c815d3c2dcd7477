import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { withTenant } from "../autopilotIdentity/withTenant.ts";
import { withUnvisitedServer } from "../harness/environment.ts";
import { catchError } from "../scene.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	countByStep,
	deployMembers,
	type FleetMember,
	generateNames,
	planMembers,
	planMembersConcurrently,
} from "./fleet.ts";

const MACHINES = "/deviceManagement/windowsAutopilotDeviceIdentities";
const ONE = `GET ${MACHINES}/{id}`;
const LIST = `GET ${MACHINES}`;
const LISTS = { route: LIST };

/** Serial numbers in the order of a list. */
function generateSerials(count: number, prefix = "5CG"): string[] {
	return generateNames(prefix, count).map(
		(name, at) => `${name.split("-")[0]}${String(at).padStart(5, "0")}`,
	);
}

/** Machines that have long been registered, in one stack. */
async function deployMachines(tenant: TenantStage, count = 60): Promise<FleetMember[]> {
	const declared = generateSerials(count).map((serialNumber) => ({ serialNumber, groupTag: "Kiosk" }));
	tenant.control.machines.seed(declared);
	const members = await deployMembers(
		tenant.connect(),
		declared.map((each) => ({
			...each,
			hardwareIdentifier: generateHardwareHash(each.serialNumber),
			adopt: true,
		})),
	);
	tenant.asked();
	tenant.words.forget();
	return members;
}

function getMember(members: readonly FleetMember[], place: number): FleetMember {
	const member = members[place];
	assert.ok(member);
	return member;
}

describe("Sixty machines in one plan", () => {
	for (const [how, plan] of Object.entries({
		"one after the other": planMembers,
		"at the same time": planMembersConcurrently,
	})) {
		test(
			`requested ${how} take one page of the list after the first nineteen`,
			withTenant(async (tenant) => {
				const members = await deployMachines(tenant);
				assert.deepEqual(countByStep(await plan(tenant.connect(), members)), { same: 60 });
				assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 19, [LIST]: 1 });
				assert.deepEqual(tenant.words.listTexts(), []);
			}),
		);
	}

	test(
		"are read one by one by a refresh, which is exact",
		withTenant(async (tenant) => {
			const life = tenant.connect();
			for (const { resource } of await deployMachines(tenant))
				await life.read(resource.known.id, resource.known.outputs);
			assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 60 });
		}),
	);

	test(
		"that made contact or were enrolled since are not read",
		withTenant(async (tenant) => {
			const members = await deployMachines(tenant);
			for (const { resource } of members) tenant.control.machines.enrol(resource.known.id);
			assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 60 });
			assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 19, [LIST]: 1 });
		}),
	);

	test(
		"of which some were changed need one more GET for each of these, and their differences are reported",
		withTenant(async (tenant) => {
			const members = await deployMachines(tenant);
			for (const place of [30, 40])
				tenant.control.machines.change(getMember(members, place).resource.known.id, { groupTag: "seized" });
			tenant.control.machines.change(getMember(members, 50).resource.known.id, { displayName: "FRONT-1" });
			assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 58, update: 2 });
			assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 19 + 3, [LIST]: 1 });
			assert.equal(tenant.words.said.length, 2);
		}),
	);

	test(
		"one of which is gone take one GET for it, and the registration that took its place is named",
		withTenant(async (tenant) => {
			const members = await deployMachines(tenant);
			const { resource, inputs } = getMember(members, 30);
			const { id } = tenant.control.machines.recreate(resource.known.id);
			assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 59, replace: 1 });
			assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 19 + 1, [LIST]: 2 });
			assert.match(
				tenant.words.said.join("\n"),
				new RegExp(`${inputs["serialNumber"]} .*was deleted outside Pulumi.*exists again as ${id}`),
			);
		}),
	);

	test(
		"whose pages overlap are bulk read nevertheless",
		withTenant(
			async (tenant) => {
				const members = await deployMachines(tenant);
				assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 60 });
				const { [LIST]: pages = 0, [ONE]: reads = 0 } = countByStep(tenant.asked());
				assert.ok(pages <= 3 && reads <= 60 - 3, `${pages} pages, ${reads} reads`);
			},
			{ autopilot: { pageSize: 25 } },
		),
	);

	test(
		"in a tenant of six thousand do not have its list read to its end",
		withTenant(
			async (tenant) => {
				const others = generateSerials(6_000, "1AB").map((serialNumber) => ({
					serialNumber,
					hardwareIdentifier: `x${serialNumber}`,
				}));
				tenant.control.machines.seed(others);
				const members = await deployMachines(tenant);
				assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 60 });
				assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 60, [LIST]: 3 });
			},
			{ autopilot: { pageSize: 100 } },
		),
	);
});

describe("A list of machines that lags behind", () => {
	/** Freezes the lists at their current content. */
	async function freezeList(tenant: TenantStage): Promise<void> {
		const authorization = await tenant.token.getAuthorizationHeader();
		const url = `${tenant.emulator.graph.url}/v1.0${MACHINES}`;
		const body: unknown = await (await fetch(url, { headers: { authorization } })).json();
		tenant.control.faults.add({
			match: LISTS,
			times: "always",
			action: { kind: "status", status: 200, body },
		});
		tenant.asked();
	}

	test(
		"hides a change of the last minutes from a plan; the write does not overwrite it, and a refresh shows it",
		withTenant(async (tenant) => {
			const members = await deployMachines(tenant);
			await freezeList(tenant);
			const { resource, inputs } = getMember(members, 40);
			const { id, outputs } = resource.known;
			tenant.control.machines.change(id, { groupTag: "seized" });
			const life = tenant.connect();
			assert.deepEqual(countByStep(await planMembers(life, members)), { same: 60 });
			const plan = await resource.plan({ ...inputs, displayName: "FRONT-1" }, life);
			const before = tenant.control.machines.get(id);
			const { message } = await catchError(plan.apply());
			assert.match(message, /was changed by somebody else after this plan was made; nothing was written/);
			assert.match(message, /"Kiosk" at the last deployment, "seized" now, "Kiosk" declared/);
			assert.deepEqual(tenant.control.machines.get(id), before);
			const { props } = await tenant.connect().read(id, outputs);
			assert.equal(props["groupTag"], "seized");
			assert.match(tenant.words.said.join("\n"), /was changed outside Pulumi since the last deployment/);
		}),
	);

	test(
		"shows a machine that is gone; no write recreates it unnoticed, and a refresh drops it",
		withTenant(async (tenant) => {
			const members = await deployMachines(tenant);
			await freezeList(tenant);
			const { resource, inputs } = getMember(members, 40);
			const { id, outputs } = resource.known;
			tenant.control.machines.remove(id);
			const life = tenant.connect();
			assert.deepEqual(countByStep(await planMembers(life, members)), { same: 60 });
			const plan = await resource.plan({ ...inputs, groupTag: "Office" }, life);
			assert.match(
				(await catchError(plan.apply())).message,
				/was deleted by somebody else after this plan was made/,
			);
			assert.equal(tenant.control.machines.get(id), undefined);
			assert.equal((await tenant.connect().read(id, outputs)).id, "");
		}),
	);

	test(
		"without one of its pages leaves the machines of that page to single reads",
		withTenant(
			async (tenant) => {
				const members = await deployMachines(tenant);
				const token = `$skiptoken=LastSerialNumber='${getMember(members, 39).inputs["serialNumber"]}'`;
				const next = `${tenant.emulator.graph.url}/v1.0${MACHINES}?${token}`;
				const body = { value: [], "@odata.nextLink": next };
				tenant.control.faults.add({ match: LISTS, nth: 2, action: { kind: "status", status: 200, body } });
				assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 60 });
				const { [LIST]: pages = 0, [ONE]: reads = 0 } = countByStep(tenant.asked());
				assert.ok(pages === 3 && reads < 60, `${pages} pages, ${reads} reads`);
			},
			{ autopilot: { pageSize: 20 } },
		),
	);
});

describe("A list of machines that fails", () => {
	const FAULTS = {
		"with 429 and long waits": { kind: "throttle", retryAfter: 50 },
		"with 429 and no word of when to come back": { kind: "throttle" },
		"with 500": { kind: "status", status: 500 },
		"with a proxy's page": { kind: "html", status: 200 },
		"with JSON that is no list": { kind: "status", status: 200, body: { value: 7 } },
		"with rows that are none": { kind: "status", status: 200, body: { value: [null, 7, { id: 3 }, {}] } },
	} as const;
	for (const [title, action] of Object.entries(FAULTS)) {
		for (const timeout of ["", "30s"]) {
			test(
				`${title} stops nothing${timeout && `, not even where a plan has ${timeout}`}`,
				withTenant(async (tenant) => {
					const members = await deployMachines(tenant);
					tenant.control.faults.add({ match: LISTS, times: "always", action });
					assert.deepEqual(countByStep(await planMembersConcurrently(tenant.connect({ timeout }), members)), {
						same: 60,
					});
					assert.ok(tenant.requests.count(LISTS) > 0);
					assert.equal(countByStep(tenant.asked())[ONE], 60);
					assert.deepEqual(tenant.words.listTexts(), []);
				}),
			);
		}
	}

	for (const [status, code] of [
		[401, "InvalidAuthenticationToken"],
		[403, "Forbidden"],
	] as const) {
		test(
			`with ${status} ends the plan, because a single read needs the same permission`,
			withTenant(async (tenant) => {
				const members = await deployMachines(tenant);
				const action = { kind: "status", status, code } as const;
				tenant.control.faults.add({ match: LISTS, times: "always", action });
				const { message } = await catchError(planMembersConcurrently(tenant.connect(), members));
				assert.match(message, new RegExp(`^listing machines failed: .*\\(${status}, ${code}`));
				assert.equal(countByStep(tenant.asked())[ONE] ?? 0, 0);
			}),
		);
	}

	test(
		"with a link to another origin is not followed, because each request carries the token",
		withTenant((tenant) =>
			withUnvisitedServer(async (trap) => {
				const members = await deployMachines(tenant);
				const body = { value: [], "@odata.nextLink": `${trap.url}v1.0${MACHINES}` };
				tenant.control.faults.add({
					match: LISTS,
					times: "always",
					action: { kind: "status", status: 200, body },
				});
				assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 60 });
				assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 60, [LIST]: 1 });
				assert.equal(trap.visits, 0);
			}),
		),
	);

	test(
		"with a link to itself ends there",
		withTenant(async (tenant) => {
			const members = await deployMachines(tenant);
			const next = `${tenant.emulator.graph.url}/v1.0${MACHINES}?$skiptoken=LastSerialNumber='1'`;
			const body = { value: [], "@odata.nextLink": next };
			tenant.control.faults.add({
				match: LISTS,
				times: "always",
				action: { kind: "status", status: 200, body },
			});
			assert.deepEqual(countByStep(await planMembers(tenant.connect(), members)), { same: 60 });
			assert.deepEqual(countByStep(tenant.asked()), { [ONE]: 60, [LIST]: 2 });
		}),
	);
});
