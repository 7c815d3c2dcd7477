import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generateHardwareHash } from "../../emulator/emulator.ts";
import { catchError } from "../scene.ts";
import { ASK, assertMachineInStep, PRESS, SERIAL, UPLOAD, withTenant } from "./withTenant.ts";

const ADA = { assignedUserPrincipalName: "ada@contoso.example", addressableUserName: "Ada" };
const NAMED = { ...PRESS, displayName: "FRONT-1" };

/** Another group tag, by one change. */
const MOVED = { ...PRESS, groupTag: "Front desk" };

describe("A change of a machine", () => {
	test(
		"sends all managed fields, because a change of the name alone empties the group tag",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				await resource.up(NAMED);
				assert.deepEqual(tenant.bodies(ASK.change), [{ groupTag: "Kiosk", displayName: "FRONT-1" }]);
				assert.equal(tenant.getMachine(SERIAL).groupTag, "Kiosk");
				await assertMachineInStep(tenant, resource, NAMED);
			},
			{ autopilot: { renameBlanksGroupTag: true } },
		),
	);
	test(
		"keeps an undeclared user and an undeclared name",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const { id } = tenant.getMachine(SERIAL);
			tenant.control.machines.change(id, {
				userPrincipalName: "ada@contoso.example",
				displayName: "FRONT-1",
			});
			await resource.up(MOVED);
			const { userPrincipalName, displayName } = tenant.getMachine(SERIAL);
			assert.deepEqual([userPrincipalName, displayName], ["ada@contoso.example", "FRONT-1"]);
			await assertMachineInStep(tenant, resource, MOVED);
		}),
	);
	for (const times of [1, 4]) {
		test(
			`is silently sent again after Intune was too busy for it ${times} times`,
			withTenant(async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				tenant.control.faults.add({ match: ASK.change, times, action: { kind: "status", status: 412 } });
				await resource.up(MOVED);
				assert.equal(tenant.requests.count(ASK.change), times + 1);
				assert.equal(tenant.getMachine(SERIAL).revision, 2);
				assert.deepEqual(tenant.words.listTexts(), []);
				await assertMachineInStep(tenant, resource, MOVED);
			}),
		);
	}
	test(
		"for which Intune is always too busy ends with an error after a few attempts",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.faults.add({
				match: ASK.change,
				times: "always",
				action: { kind: "status", status: 412 },
			});
			const { message } = await catchError(resource.up(MOVED));
			assert.match(message, /"5CG1234ABC" cannot be confirmed: .*sent 6 times .*\(412, ConditionNotMet/);
			tenant.control.faults.clear();
			await resource.up(MOVED);
			await assertMachineInStep(tenant, resource, MOVED);
		}),
	);
	test(
		"that is visible after 20 seconds is sent once",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				await resource.up(MOVED);
				assert.equal(tenant.requests.count(ASK.change), 1);
				await assertMachineInStep(tenant, resource, MOVED);
			},
			{ autopilot: { propagationDelay: 20_000 } },
		),
	);
	for (const seconds of [40, 300]) {
		test(
			`that is visible only after ${seconds} seconds is awaited, and sent once more`,
			withTenant(
				async (tenant) => {
					const resource = await tenant.deploy(PRESS);
					await resource.up(MOVED);
					assert.equal(tenant.requests.count(ASK.change), 2);
					assert.deepEqual(tenant.words.listTexts(), []);
					tenant.pass(seconds * 1000);
					await assertMachineInStep(tenant, resource, MOVED);
				},
				{ autopilot: { propagationDelay: seconds * 1000 } },
			),
		);
	}
	test(
		"that never becomes visible ends with an error after ten minutes",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const action = { kind: "status", status: 200, body: "" } as const;
			tenant.control.faults.add({ match: ASK.change, times: "always", action });
			const { message } = await catchError(resource.up(MOVED));
			assert.match(
				message,
				/"5CG1234ABC" cannot be confirmed: the change was sent 2 times but is not visible\. Run/,
			);
			tenant.control.faults.clear();
			assert.equal(await resource.up(MOVED), "update");
			await assertMachineInStep(tenant, resource, MOVED);
		}),
	);
	test(
		"whose first call has no effect is sent again",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			tenant.control.faults.add({ match: ASK.change, action: { kind: "status", status: 200, body: "" } });
			await resource.up(MOVED);
			assert.equal(tenant.requests.count(ASK.change), 2);
			await assertMachineInStep(tenant, resource, MOVED);
		}),
	);
	test(
		"that the service rejects is reported with the service's message, and the machine stays unchanged",
		withTenant(async (tenant) => {
			tenant.control.machines.switches.groupTagLimit = 20;
			const resource = await tenant.deploy(PRESS);
			const before = tenant.getMachine(SERIAL);
			const { message } = await catchError(resource.up({ ...PRESS, groupTag: "x".repeat(21) }));
			assert.match(
				message,
				/^changing machine "5CG1234ABC" failed: The group tag must not be longer than 20 characters \(400/,
			);
			assert.doesNotMatch(message, /Operation ID|Activity ID|https?:/);
			assert.deepEqual(tenant.getMachine(SERIAL), before);
		}),
	);
	test(
		"of the record with strategy upload sends the record's etag, and does not overwrite a change by others",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				const [record] = tenant.listRecords();
				const change = () =>
					void tenant.control.machines.changeImport(String(record?.id), { groupTag: "theirs" });
				const patch = { method: "PATCH" };
				tenant.control.faults.add({ match: patch, action: { kind: "run", run: change } });
				const before = tenant.getMachine(SERIAL);
				assert.match((await catchError(resource.up(MOVED))).message, /changed by somebody else/);
				assert.deepEqual(tenant.getMachine(SERIAL), before);
				await resource.up(MOVED);
				assert.deepEqual(
					tenant.requests.list(patch).map(({ status }) => status),
					[412, 200],
				);
				await assertMachineInStep(tenant, resource, MOVED);
			},
			{ ...UPLOAD, records: 1 },
		),
	);
});

describe("Many machines with strategy upload-rooted", () => {
	test(
		"are changed without reading the same uploads for each of them",
		withTenant(
			async (tenant) => {
				const many = Array.from({ length: 6 }, (_, at) => {
					return { serialNumber: `5CG-${at}`, hardwareIdentifier: generateHardwareHash(`5CG-${at}`) };
				});
				const resources = [];
				for (const each of many) resources.push(await tenant.deploy(each));
				tenant.requests.reset();
				const life = tenant.connect();
				for (const [at, { known }] of resources.entries())
					await life.update(known.id, known.outputs, { ...many[at], groupTag: "Lab" });
				const uploads = { method: "GET", path: "^/beta/deviceManagement/imported.*Uploads" };
				assert.ok(tenant.requests.count(uploads) <= 2 * many.length, "a list and an upload for each at most");
				for (const { serialNumber } of many) assert.equal(tenant.getMachine(serialNumber).groupTag, "Lab");
			},
			{
				config: { "autopilot:strategy": "upload-rooted" },
				autopilot: { profile: "seed", etags: true },
				records: 6,
			},
		),
	);
});

describe("A machine's user", () => {
	test(
		"is assigned and removed with strategy upload",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				const assigned = { ...PRESS, assignedUserPrincipalName: "ada@contoso.example" };
				await resource.up(assigned);
				assert.equal(tenant.getMachine(SERIAL).userPrincipalName, "ada@contoso.example");
				await assertMachineInStep(tenant, resource, assigned);
				await resource.up(PRESS);
				assert.equal(tenant.getMachine(SERIAL).userPrincipalName, "");
				await assertMachineInStep(tenant, resource, PRESS);
			},
			{ ...UPLOAD, records: 1 },
		),
	);
	test(
		"cannot have a display name with strategy upload, which is reported before any request",
		withTenant(async (tenant) => {
			const { message } = await catchError(tenant.deploy({ ...PRESS, ...ADA }));
			assert.match(message, /^addressableUserName: .*autopilot:strategy upload/);
			assert.equal(tenant.requests.count(), 0);
		}, UPLOAD),
	);
	test(
		"is assigned by the import, and the user's display name by an update",
		withTenant(async (tenant) => {
			const declared = { ...PRESS, ...ADA };
			const resource = await tenant.deploy(declared);
			const { userPrincipalName, addressableUserName } = tenant.getMachine(SERIAL);
			assert.deepEqual([userPrincipalName, addressableUserName], ["ada@contoso.example", "Ada"]);
			await assertMachineInStep(tenant, resource, declared);
		}),
	);
	test(
		"is assigned, changed and removed in place",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const { id } = resource.known;
			await resource.up({ ...PRESS, ...ADA });
			assert.equal(tenant.getMachine(SERIAL).userPrincipalName, "ada@contoso.example");
			await resource.up({ ...PRESS, ...ADA, assignedUserPrincipalName: "bob@contoso.example" });
			assert.equal(tenant.getMachine(SERIAL).userPrincipalName, "bob@contoso.example");
			assert.equal(await resource.up(PRESS), "update");
			const { userPrincipalName, addressableUserName, groupTag } = tenant.getMachine(SERIAL);
			assert.deepEqual([userPrincipalName, addressableUserName, groupTag], ["", "", "Kiosk"]);
			assert.equal(tenant.requests.count(ASK.unassign), 1);
			assert.equal(resource.known.id, id);
			await assertMachineInStep(tenant, resource, PRESS);
		}),
	);
	test(
		"is case-insensitive",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy({ ...PRESS, ...ADA });
			const shouted = { ...PRESS, ...ADA, assignedUserPrincipalName: "Ada@Contoso.example" };
			assert.equal(await resource.up(shouted), "same");
			tenant.control.machines.change(resource.known.id, { userPrincipalName: "ADA@CONTOSO.EXAMPLE" });
			const before = tenant.getMachine(SERIAL);
			assert.equal(await resource.up(shouted), "same");
			assert.deepEqual(tenant.getMachine(SERIAL), before);
			const etag = resource.getOutput("etag");
			await resource.refresh();
			assert.equal(resource.getOutput("etag"), etag);
			assert.deepEqual(tenant.words.listTexts(), []);
		}),
	);
	test(
		"unknown to the service is reported with the service's message, and the machine is kept",
		withTenant(async (tenant) => {
			const resource = await tenant.deploy(PRESS);
			const message = "User nobody@contoso.example is not found";
			tenant.control.faults.add({ match: ASK.change, action: { kind: "status", status: 400, message } });
			const error = await catchError(
				resource.up({ ...PRESS, assignedUserPrincipalName: "nobody@contoso.example" }),
			);
			assert.match(error.message, /"5CG1234ABC" failed: User nobody@contoso\.example is not found \(400/);
			await resource.up(PRESS);
			await assertMachineInStep(tenant, resource, PRESS);
		}),
	);
});

describe("A machine that is registered but cannot be changed afterwards", () => {
	test(
		"is kept in state, the reason is reported, its record is removed, and the next run completes it",
		withTenant(async (tenant) => {
			tenant.control.faults.add({
				match: ASK.change,
				action: { kind: "status", status: 400, message: "The display name is not valid" },
			});
			const resource = tenant.createResource();
			const { message } = await catchError(resource.up(NAMED));
			assert.match(message, /"5CG1234ABC" failed: The display name is not valid/);
			assert.equal(resource.known.id, tenant.getMachine(SERIAL).id);
			assert.deepEqual(resource.known.initErrors, [`${message} [ServiceError]`]);
			assert.deepEqual(tenant.listRecords(), []);
			assert.equal(await resource.up(NAMED), "update");
			assert.equal(tenant.requests.count(ASK.queue), 1);
			await assertMachineInStep(tenant, resource, NAMED);
		}),
	);
	test(
		"is kept in state if the response is lost and nothing can be read",
		withTenant(async (tenant) => {
			const { faults } = tenant.control;
			const silence = () =>
				void faults.add({ match: ASK.read, times: "always", action: { kind: "status", status: 500 } });
			faults.add({ match: ASK.change, action: { kind: "run", run: silence, when: "after" } });
			faults.add({ match: ASK.change, action: { kind: "reset", when: "after" } });
			const resource = tenant.createResource();
			await catchError(resource.up(NAMED));
			assert.equal(resource.known.id, tenant.getMachine(SERIAL).id);
			faults.clear();
			await resource.up(NAMED);
			await assertMachineInStep(tenant, resource, NAMED);
		}),
	);
	test(
		"is deployed even if its record cannot be removed, which is reported",
		withTenant(
			async (tenant) => {
				tenant.control.faults.add({
					match: ASK.discard,
					times: "always",
					action: { kind: "status", status: 400 },
				});
				const resource = await tenant.deploy(PRESS);
				const [record] = tenant.listRecords();
				assert.equal(tenant.words.said.length, 1);
				assert.ok(
					tenant.words.said[0]?.includes(`${record?.id} of machine "${SERIAL}" was not removed from Intune`),
				);
				await assertMachineInStep(tenant, resource, PRESS);
			},
			{ records: 1 },
		),
	);
});
