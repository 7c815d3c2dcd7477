import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MachineApi } from "../../../provider/graph/autopilotIdentity.api.ts";
import type { AutopilotInputs } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { resolveImportId } from "../../../provider/graph/imports/ownImports.ts";
import type { ListedRow } from "../../../provider/graph/paging.ts";
import { LiveStrategy } from "../../../provider/graph/strategy.live.ts";
import { ConnectionLost } from "../../../provider/http/errors.ts";
import {
	ObjectExists,
	PartiallyApplied,
	PreconditionFailed,
	ResponseLost,
} from "../../../provider/resource/errors.ts";
import {
	createFakeTenant,
	createServiceError,
	GONE,
	RecordKeepingStrategy,
	type Routes,
} from "./fakeTenant.ts";
import {
	createLiveMachine,
	createMachineInputs,
	createMachineJson,
	createRecordJson,
	ID,
	SERIAL,
} from "./machines.ts";

const GET = `GET machines/${ID}`;
const DELETE = `DELETE machines/${ID}`;
const UPDATE = `POST machines/${ID}/updateDeviceProperties`;
const STATE = {
	deviceImportStatus: "complete",
	deviceRegistrationId: ID,
	deviceErrorCode: 0,
	deviceErrorName: "None",
};
const DONE = createRecordJson(STATE, { importId: resolveImportId(createMachineInputs()) });
const list = (...rows: Readonly<Record<string, unknown>>[]) => ({ value: rows });
const target = { id: ID, values: { serialNumber: SERIAL } };

function createApi(routes: Routes, StrategyClass = LiveStrategy, listedRow?: ListedRow) {
	const fake = createFakeTenant(routes, undefined, StrategyClass);
	return {
		...fake,
		api: new MachineApi({ ...fake.context, listedMachines: { getRow: async () => listedRow } }),
	};
}

describe("MachineApi.get and getIfChanged", () => {
	test("read a machine by its id, or else by its serial number and product key", async () => {
		const routes = {
			"GET machines": [
				list(createMachineJson({ productKey: "PK-1" }), createMachineJson({ id: "m-2", productKey: "PK-2" })),
			],
			[GET]: [createMachineJson()],
		};
		const { api, sentRoutes } = createApi(routes);
		assert.deepEqual(await api.get(target), createLiveMachine());
		assert.deepEqual(sentRoutes(), [GET]);
		assert.equal((await api.get({ id: "", values: { serialNumber: SERIAL, productKey: "PK-1" } }))?.id, ID);
		assert.deepEqual(sentRoutes(), [GET, "GET machines", GET]);
	});

	test("name a machine by its id if nothing else is known", async () => {
		const { api, calls } = createApi({ [GET]: [createMachineJson()] });
		await api.get({ id: ID, values: {} });
		assert.equal(calls[0]?.operationName, `reading machine ${ID}`);
	});

	test("report whether the etag is still the same", async () => {
		const { api } = createApi({
			[GET]: [createMachineJson(), createMachineJson({ groupTag: "Lab" }), GONE],
		});
		assert.equal(await api.getIfChanged(target, createLiveMachine().etag, "strong"), "unchanged");
		assert.deepEqual(
			await api.getIfChanged(target, createLiveMachine().etag, "strong"),
			createLiveMachine({ groupTag: "Lab" }),
		);
		assert.equal(await api.getIfChanged(target, createLiveMachine().etag, "strong"), undefined);
	});
});

describe("a row of the list of machines", () => {
	const outputs = { ...target.values, groupTag: "Kiosk", etag: createLiveMachine().etag };
	const known = { ...target, values: outputs };

	test("is used if eventual consistency is enough and it matches state", async () => {
		const row = { id: ID, serialNumber: SERIAL, groupTag: "Kiosk" };
		const matching = createApi({}, LiveStrategy, row);
		assert.equal(await matching.api.getIfChanged(known, createLiveMachine().etag, "eventual"), "unchanged");
		assert.deepEqual(matching.sentRoutes(), []);

		const mismatching = createApi({ [GET]: [createMachineJson()] }, LiveStrategy, {
			...row,
			groupTag: "Lab",
		});
		await mismatching.api.getIfChanged(known, createLiveMachine().etag, "eventual");
		assert.deepEqual(mismatching.sentRoutes(), [GET]);

		const strong = createApi({ [GET]: [createMachineJson()] }, LiveStrategy, row);
		await strong.api.getIfChanged(known, createLiveMachine().etag, "strong");
		assert.deepEqual(strong.sentRoutes(), [GET]);
	});
});

describe("creating a machine", () => {
	const routes: Routes = {
		"GET imports": [list()],
		"POST imports": [DONE],
		"GET imports/r-1": [DONE],
		[GET]: [createMachineJson()],
	};
	const create = (rest: Partial<AutopilotInputs>, more: Routes = {}, StrategyClass = LiveStrategy) => {
		const tenant = createApi({ ...routes, ...more }, StrategyClass);
		return { ...tenant, result: tenant.api.create(createMachineInputs(rest)) };
	};

	test("imports it, returns the import's state and removes the record", async () => {
		const { result, discarded } = create({});
		const machine = await result;
		assert.deepEqual([machine.id, machine.computed["state"], discarded], [ID, STATE, ["r-1"]]);
	});

	test("then writes the fields that an import cannot set, and keeps undeclared values", async () => {
		const named = createMachineJson({ groupTag: "Theirs", displayName: "k-1" });
		const { result, calls } = create(
			{ displayName: "k-1" },
			{ [GET]: [createMachineJson({ groupTag: "Theirs" }), named], [UPDATE]: [undefined] },
		);
		const machine = await result;
		assert.deepEqual([machine.values.displayName, machine.computed["state"]], ["k-1", STATE]);
		const write = calls.find(({ method, path }) => method === "POST" && path.includes("updateDevice"));
		assert.deepEqual(write?.body, { groupTag: "Theirs", displayName: "k-1" });
	});

	test("returns a machine whose update failed as partially applied", async () => {
		const trouble = createServiceError(400, "BadRequest", "The name is taken.");
		const { result, discarded } = create({ displayName: "k-1" }, { [UPDATE]: [trouble] });
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof PartiallyApplied);
			assert.deepEqual(
				[error.live.id, error.live.computed["state"], error.message],
				[ID, STATE, trouble.message],
			);
			return true;
		});
		assert.deepEqual(discarded, ["r-1"]);
	});

	test("keeps the record if the strategy needs it", async () => {
		const { result, discarded } = create({}, {}, RecordKeepingStrategy);
		await result;
		assert.deepEqual(discarded, []);
	});

	test("does not adopt a machine whose record an earlier run left, if records are kept", async () => {
		const { result } = create({}, { "GET imports": [list(DONE)] }, RecordKeepingStrategy);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof ObjectExists);
			assert.equal(error.message, "its import record is r-1");
			return true;
		});
	});

	test("does not search for it unless adopt is true", async () => {
		const { result, sentRoutes } = create({ adopt: false });
		await result;
		assert.ok(!sentRoutes().includes("GET machines"));
	});

	const LISTED = {
		"GET machines": [list(createMachineJson())],
		[`GET machines/${ID}`]: [createMachineJson()],
		"GET imports": [list()],
	};

	test("with adopt and without a hash, is found by its serial number, and nothing is queued", async () => {
		const { api, sentRoutes } = createApi(LISTED);
		await assert.rejects(api.create({ serialNumber: SERIAL, adopt: true }), (error) => {
			assert.ok(error instanceof ObjectExists);
			assert.equal(error.message, `its registration id is ${ID}`);
			return true;
		});
		assert.deepEqual(sentRoutes(), ["GET machines", `GET machines/${ID}`, "GET imports"]);
	});

	test("with adopt, is adopted if it was changed since its interrupted import, whose record is removed", async () => {
		const changed = { [`GET machines/${ID}`]: [createMachineJson({ groupTag: "Theirs" })] };
		const { result, discarded, sentRoutes } = create(
			{ adopt: true, groupTag: "Lab" },
			{ "GET imports": [list(DONE)], ...changed },
		);
		await assert.rejects(result, (error) => error instanceof ObjectExists && error.id === ID);
		assert.deepEqual(discarded, ["r-1"]);
		assert.ok(!sentRoutes().includes("GET machines"));
	});

	test("with adopt, imports it if only the list still contains a deleted machine", async () => {
		const { result } = create(
			{ adopt: true },
			{ "GET machines": [list(createMachineJson({ id: "m-0" }))], "GET machines/m-0": [GONE] },
		);
		assert.equal((await result).id, ID);
	});

	test("with adopt, imports it if it does not exist and a hash is declared", async () => {
		const { result } = create({ adopt: true }, { "GET machines": [list()] });
		assert.equal((await result).id, ID);
		const { api, sentRoutes } = createApi({ "GET machines": [list()] });
		await assert.rejects(api.create({ serialNumber: SERIAL, adopt: true }), {
			code: "NothingToAdopt",
			message:
				/^The machine "5CG1234ABC" is not registered, so it cannot be adopted\. To register it, declare its `hardware/,
		});
		assert.deepEqual(sentRoutes(), ["GET machines"]);
	});
});

describe("updating a machine", () => {
	const base = { ...createLiveMachine({ groupTag: "Kiosk" }), computed: { state: STATE } };
	const desired = createMachineInputs({ groupTag: "Lab" });

	test("reads it first, and keeps the state of its import", async () => {
		const reads = [createMachineJson({ groupTag: "Kiosk" }), createMachineJson({ groupTag: "Lab" })];
		const { api, sentRoutes } = createApi({ [GET]: reads, [UPDATE]: [undefined] });
		const written = await api.update(desired, base);
		assert.deepEqual([written.values.groupTag, written.computed["state"]], ["Lab", STATE]);
		assert.deepEqual(sentRoutes(), [GET, UPDATE, GET]);
	});

	test("sends nothing if somebody changed or deleted it", async () => {
		for (const [read, said] of [
			[createMachineJson({ groupTag: "Theirs" }), 'machine "5CG1234ABC" has another etag'],
			[GONE, 'machine "5CG1234ABC" is no longer registered'],
		] as const) {
			const { api, sentRoutes } = createApi({ [GET]: [read] });
			await assert.rejects(api.update(desired, base), (error) => {
				assert.ok(error instanceof PreconditionFailed);
				assert.equal(error.message, said);
				return true;
			});
			assert.deepEqual(sentRoutes(), [GET]);
		}
	});
});

describe("deleting a machine", () => {
	const { etag } = createLiveMachine();

	test("ends when the machine is gone", async () => {
		const { api, sentRoutes } = createApi({ [GET]: [createMachineJson(), GONE], [DELETE]: [undefined] });
		await api.delete(target, etag);
		assert.deepEqual(sentRoutes(), [GET, DELETE, GET]);
	});

	test("that does not exist succeeds", async () => {
		const { api, sentRoutes } = createApi({ [GET]: [GONE] });
		await api.delete(target, etag);
		assert.deepEqual(sentRoutes(), [GET]);
	});

	test("that somebody changed is refused", async () => {
		const { api, sentRoutes } = createApi({ [GET]: [createMachineJson({ groupTag: "Lab" })] });
		await assert.rejects(api.delete(target, etag), PreconditionFailed);
		assert.deepEqual(sentRoutes(), [GET]);
	});

	test("that has another serial number by now is refused, whatever its etag", async () => {
		const other = createLiveMachine({ serialNumber: "other" });
		const { api, sentRoutes } = createApi({ [GET]: [createMachineJson({ serialNumber: "other" })] });
		await assert.rejects(api.delete(target, other.etag), {
			code: "WrongMachine",
			message: `Registration ${ID} was not deleted: it belongs to machine "other", but Pulumi deployed machine "5CG1234ABC". Run \`pulumi refresh\` to update the state.`,
		});
		assert.deepEqual(sentRoutes(), [GET]);
	});

	test("distinguishes a lost response and another etag from a refusal", async () => {
		const deleteWithError = (error: Error) =>
			createApi({ [GET]: [createMachineJson()], [DELETE]: [error] }).api.delete(target, etag);
		await assert.rejects(deleteWithError(new ConnectionLost("lost")), ResponseLost);
		await assert.rejects(deleteWithError(createServiceError(412, "resourceModified")), PreconditionFailed);
		await assert.rejects(deleteWithError(createServiceError(403, "Forbidden")), /^ServiceError/);
	});

	test("discards its record if records are kept, even if the machine is gone", async () => {
		const other = createRecordJson({ deviceRegistrationId: "m-2" }, { id: "r-2" });
		const { api, discarded } = createApi(
			{ [GET]: [GONE], "GET imports": [list(other, DONE)] },
			RecordKeepingStrategy,
		);
		await api.delete(target, etag);
		assert.deepEqual(discarded, ["r-1"]);
	});
});
