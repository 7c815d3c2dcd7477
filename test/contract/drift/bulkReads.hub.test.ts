import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withHub } from "../deviceIdentity/withHub.ts";
import { catchError } from "../scene.ts";
import { HubStage } from "../subject/hubStage.ts";
import {
	countByStep,
	deployMembers,
	type FleetMember,
	generateNames,
	planMembers,
	planMembersConcurrently,
} from "./fleet.ts";

const TWIN = "GET /twins/{id}";
const DEVICE = "GET /devices/{id}";
const QUERY = "POST /devices/query";
const QUERIES = { route: QUERY };
const HOUR = 3_600_000;

/** Does something so many hours ago. */
function runHoursAgo(hub: HubStage, hours: number, work: () => void): void {
	hub.control.clock.advance(-hours * HOUR);
	work();
	hub.control.clock.advance(hours * HOUR);
}

/** Devices that have been there for an hour, in one stack. */
async function deployDevices(hub: HubStage, count = 60): Promise<FleetMember[]> {
	const seeds = generateNames("press", count).map((deviceId) => ({ deviceId, statusReason: "in service" }));
	runHoursAgo(hub, 1, () => hub.control.devices.seed(seeds));
	const members = await deployMembers(
		hub.connect(),
		seeds.map((seed) => ({ ...seed, adopt: true })),
	);
	hub.asked();
	hub.words.forget();
	return members;
}

function findMember(members: readonly FleetMember[], deviceId: string): FleetMember {
	const member = members.find(({ inputs }) => inputs["deviceId"] === deviceId);
	assert.ok(member);
	return member;
}

describe("Sixty devices in one plan", () => {
	for (const [how, plan] of Object.entries({
		"one after the other": planMembers,
		"at the same time": planMembersConcurrently,
	})) {
		test(
			`requested ${how} take one page of a query after the first nineteen`,
			withHub(async (hub) => {
				const members = await deployDevices(hub);
				assert.deepEqual(countByStep(await plan(hub.connect(), members)), { same: 60 });
				assert.deepEqual(countByStep(hub.asked()), { [TWIN]: 19, [QUERY]: 1 });
				assert.deepEqual(hub.words.listTexts(), []);
			}),
		);
	}

	test(
		"are read one by one by a refresh, which is exact",
		withHub(async (hub) => {
			const life = hub.connect();
			for (const { resource } of await deployDevices(hub)) {
				const { id, outputs } = resource.known;
				await life.read(id, outputs);
			}
			assert.deepEqual(countByStep(hub.asked()), { [TWIN]: 60 });
		}),
	);

	test(
		"of which some were changed need one more GET for each of these, and their differences are reported",
		withHub(async (hub) => {
			const members = await deployDevices(hub);
			for (const id of ["press-30", "press-40"]) hub.control.devices.change(id, { statusReason: "seized" });
			hub.control.devices.rotateKeys("press-50");
			assert.deepEqual(countByStep(await planMembers(hub.connect(), members)), { same: 58, update: 2 });
			assert.deepEqual(countByStep(hub.asked()), { [TWIN]: 19, [QUERY]: 1, [DEVICE]: 3 });
			assert.equal(hub.words.said.length, 2);
		}),
	);

	test(
		"that the index does not list yet are read one by one",
		withHub(
			async (hub) => {
				const older = await deployDevices(hub, 40);
				const fresh = await deployMembers(
					hub.connect(),
					generateNames("fresh", 20).map((deviceId) => ({ deviceId })),
				);
				hub.asked();
				assert.deepEqual(countByStep(await planMembers(hub.connect(), [...older, ...fresh])), { same: 60 });
				assert.deepEqual(countByStep(hub.asked()), { [TWIN]: 19 + 20, [QUERY]: 1 });
			},
			{ emulator: { timeScale: 0, switches: { createdIndexLag: 300_000 } } },
		),
	);

	test(
		"with duplicate rows are bulk read nevertheless",
		withHub(
			async (hub) => {
				const members = await deployDevices(hub);
				assert.deepEqual(countByStep(await planMembers(hub.connect(), members)), { same: 60 });
				const { [QUERY]: pages = 0, [TWIN]: probes = 0, ...others } = countByStep(hub.asked());
				assert.deepEqual(others, {});
				assert.ok(pages <= 3 && probes + pages <= 60, `${pages} pages, ${probes} probes`);
			},
			{ emulator: { switches: { queryPageSize: 25, repeatedQueryRows: 5 } } },
		),
	);

	test(
		"a page of whose list is missing are asked for one by one where it is",
		withHub(
			async (hub) => {
				const members = await deployDevices(hub);
				hub.control.devices.change("press-35", { statusReason: "seized" });
				assert.deepEqual(countByStep(await planMembers(hub.connect(), members)), { same: 59, update: 1 });
				assert.deepEqual(countByStep(hub.asked()), { [TWIN]: 19 + 20, [QUERY]: 2, [DEVICE]: 1 });
			},
			{ emulator: { switches: { queryPageSize: 20, missingQueryPage: 2 } } },
		),
	);

	test(
		"in a hub of six thousand do not have its list read to its end",
		withHub(
			async (hub) => {
				const others = generateNames("other", 6_000).map((deviceId) => ({ deviceId }));
				runHoursAgo(hub, 2, () => hub.control.devices.seed(others));
				const members = await deployDevices(hub);
				assert.deepEqual(countByStep(await planMembers(hub.connect(), members)), { same: 60 });
				assert.deepEqual(countByStep(hub.asked()), { [TWIN]: 60, [QUERY]: 3 });
			},
			{ emulator: { switches: { queryPageSize: 100 } } },
		),
	);
});

describe("A list that lags behind", () => {
	const LAG = {
		emulator: { timeScale: 0, switches: { changedIndexLag: 300_000, deletedIndexLag: 300_000 } },
	};

	test(
		"hides a change of the last minutes from a plan; the write does not overwrite it, and a refresh shows it",
		withHub(async (hub) => {
			const members = await deployDevices(hub);
			const { resource, inputs } = findMember(members, "press-40");
			hub.control.devices.change("press-40", { statusReason: "seized" });
			const life = hub.connect();
			assert.deepEqual(countByStep(await planMembers(life, members)), { same: 60 });
			const plan = await resource.plan({ ...inputs, status: "disabled" }, life);
			assert.equal(plan.step, "update");
			const before = hub.getDevice("press-40");
			const { message } = await catchError(plan.apply());
			assert.match(message, /was changed by somebody else after this plan was made; nothing was written/);
			assert.match(message, /"in service" at the last deployment, "seized" now, "in service" declared/);
			assert.deepEqual(hub.getDevice("press-40"), before);
			const { props } = await hub.connect().read("press-40", resource.known.outputs);
			assert.equal(props["statusReason"], "seized");
		}, LAG),
	);

	test(
		"hides a change from a deletion that the service itself refuses",
		withHub(async (hub) => {
			const members = await deployDevices(hub);
			hub.control.devices.change("press-40", { statusReason: "seized" });
			const life = hub.connect();
			await planMembers(life, members);
			const { id, outputs } = findMember(members, "press-40").resource.known;
			assert.match(
				(await catchError(life.delete(id, outputs))).message,
				/was not deleted: somebody changed it/,
			);
			assert.equal(hub.getDevice("press-40").statusReason, "seized");
		}, LAG),
	);

	test(
		"shows a device that is gone; no write recreates it unnoticed, and a refresh drops it",
		withHub(async (hub) => {
			const members = await deployDevices(hub);
			hub.control.devices.remove("press-40");
			const life = hub.connect();
			assert.deepEqual(countByStep(await planMembers(life, members)), { same: 60 });
			const { resource, inputs } = findMember(members, "press-40");
			const plan = await resource.plan({ ...inputs, status: "disabled" }, life);
			assert.match(
				(await catchError(plan.apply())).message,
				/was deleted by somebody else after this plan was made/,
			);
			assert.equal(hub.control.devices.get("press-40"), undefined);
			assert.equal((await hub.connect().read("press-40", resource.known.outputs)).id, "");
			assert.match(hub.words.said.join("\n"), /DeviceIdentity press-40 was deleted outside Pulumi/);
		}, LAG),
	);

	test(
		"shows devices as they were before our own changes, and a GET of each confirms the current values",
		withHub(async (hub) => {
			const members = await deployDevices(hub);
			const changed = members.map(({ resource, inputs }) => ({
				resource,
				inputs: { ...inputs, status: "disabled" },
			}));
			for (const { resource, inputs } of changed) await resource.up(inputs);
			hub.asked();
			assert.deepEqual(countByStep(await planMembers(hub.connect(), changed)), { same: 60 });
			assert.deepEqual(countByStep(hub.asked()), { [TWIN]: 19, [QUERY]: 1, [DEVICE]: 41 });
			assert.deepEqual(hub.words.listTexts(), []);
		}, LAG),
	);
});

describe("A query that fails", () => {
	test(
		"for a policy without ServiceConnect is reported once, together with the twins that it cannot read either",
		withHub(async (hub) => {
			const members = await deployDevices(hub);
			const config = { "iothub:connectionString": hub.control.hub.connectionString("registryReadWrite") };
			for (const plan of [planMembers, planMembersConcurrently]) {
				const said = hub.words.said.length;
				assert.deepEqual(countByStep(await plan(hub.connect({ config }), members)), { same: 60 });
				const [warning, ...others] = hub.words.said.slice(said);
				assert.match(warning ?? "", /refuses to return device twins \(401 IotHubUnauthorizedAccess\)/);
				assert.deepEqual(others, []);
				assert.equal(countByStep(hub.asked())[DEVICE], 60);
			}
		}),
	);

	const FAULTS = {
		"with 403": { kind: "status", status: 403, code: "IotHubUnauthorizedAccess" },
		"with 429 and long waits": { kind: "throttle", retryAfter: 50 },
		"with 429 and no word of when to come back": { kind: "throttle" },
		"with 500": { kind: "status", status: 500 },
		"with a proxy's page": { kind: "html", status: 200 },
		"with JSON that is no list": { kind: "status", status: 200, body: { value: [] } },
		"with rows that are none": { kind: "status", status: 200, body: [null, 7, { deviceId: 3 }, {}] },
		"by sending the client elsewhere": { kind: "redirect", location: "http://127.0.0.1:9/" },
	} as const;
	for (const [title, action] of Object.entries(FAULTS)) {
		for (const timeout of ["", "30s"]) {
			test(
				`${title} stops nothing${timeout && `, not even where a plan has ${timeout}`}`,
				withHub(async (hub) => {
					const members = await deployDevices(hub);
					hub.control.faults.add({ match: QUERIES, times: "always", action });
					assert.deepEqual(countByStep(await planMembersConcurrently(hub.connect({ timeout }), members)), {
						same: 60,
					});
					assert.ok(hub.control.requests.count(QUERIES) > 0);
					assert.equal(countByStep(hub.asked())[TWIN], 60);
					assert.deepEqual(hub.words.listTexts(), []);
				}),
			);
		}
	}

	test(
		"after its first page keeps the rows of that page",
		withHub(
			async (hub) => {
				const members = await deployDevices(hub);
				hub.control.faults.add({
					match: QUERIES,
					nth: 2,
					times: "always",
					action: { kind: "status", status: 500 },
				});
				assert.deepEqual(countByStep(await planMembers(hub.connect(), [...members].reverse())), { same: 60 });
				assert.equal(countByStep(hub.asked())[TWIN], 40);
			},
			{ emulator: { switches: { queryPageSize: 20 } } },
		),
	);
});

test("Several hubs in one stack are bulk read separately", async () => {
	const one = await HubStage.start({}, { hostName: "one.example" });
	const other = await HubStage.start({}, { hostName: "other.example" });
	try {
		const hubs = [one, other];
		const config = {
			"iothub:connectionString": hubs.map(({ emulator }) => emulator.iotHub.connectionString).join("\n"),
			"iothub:endpoint": JSON.stringify(
				Object.fromEntries(hubs.map(({ emulator }) => [emulator.iotHub.hostName, emulator.iotHub.url])),
			),
		};
		const declared = generateNames("press", 50).map((deviceId, at) => ({
			deviceId,
			hubHostName: at % 2 === 0 ? "one.example" : "other.example",
			statusReason: "in service",
		}));
		const members = await deployMembers(one.connect({ config }), declared);
		for (const hub of hubs) hub.asked();
		other.control.devices.change("press-49", { statusReason: "seized" });
		const life = one.connect({ config });
		assert.deepEqual(countByStep(await planMembers(life, members.slice(0, 38))), { same: 38 });
		assert.deepEqual(
			hubs.map((hub) => countByStep(hub.asked())),
			[{ [TWIN]: 19 }, { [TWIN]: 19 }],
		);
		assert.deepEqual(countByStep(await planMembers(life, members.slice(38))), { same: 11, update: 1 });
		assert.deepEqual(
			hubs.map((hub) => countByStep(hub.asked())),
			[{ [QUERY]: 1 }, { [QUERY]: 1, [DEVICE]: 1 }],
		);
	} finally {
		await Promise.all([one.close(), other.close()]);
	}
});
