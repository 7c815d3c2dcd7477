import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MachineApi } from "../../../provider/graph/autopilotIdentity.api.ts";
import type { AutopilotInputs } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import { resolveImportId } from "../../../provider/graph/imports/register.ts";
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

describe("finding a machine", () => {
	test("is by its id where there is one, and else by its serial number and product key", async () => {
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

	test("names it by its id where nothing else is known of it", async () => {
		const { api, calls } = createApi({ [GET]: [createMachineJson()] });
		await api.get({ id: ID, values: {} });
		assert.equal(calls[0]?.operationName, `reading machine ${ID}`);
	});

	test("tells whether it is as it was", async () => {
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

describe("a list's word about a machine", () => {
	const outputs = { ...target.values, groupTag: "Kiosk", etag: createLiveMachine().etag };
	const known = { ...target, values: outputs };

	test("counts where it is recent enough and shows the machine as state has it, and for nothing else", async () => {
		const row = { id: ID, serialNumber: SERIAL, groupTag: "Kiosk" };
		const quiet = createApi({}, LiveStrategy, row);
		assert.equal(await quiet.api.getIfChanged(known, createLiveMachine().etag, "eventual"), "unchanged");
		assert.deepEqual(quiet.sentRoutes(), []);

		const suspect = createApi({ [GET]: [createMachineJson()] }, LiveStrategy, { ...row, groupTag: "Lab" });
		await suspect.api.getIfChanged(known, createLiveMachine().etag, "eventual");
		assert.deepEqual(suspect.sentRoutes(), [GET]);

		const exact = createApi({ [GET]: [createMachineJson()] }, LiveStrategy, row);
		await exact.api.getIfChanged(known, createLiveMachine().etag, "strong");
		assert.deepEqual(exact.sentRoutes(), [GET]);
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

	test("imports it, tells how that ended and leaves no record", async () => {
		const { result, discarded } = create({});
		const machine = await result;
		assert.deepEqual([machine.id, machine.computed["state"], discarded], [ID, STATE, ["r-1"]]);
	});

	test("then writes what an import can't set, and keeps what nobody declared", async () => {
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

	test("never loses a machine that could not be finished", async () => {
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

	test("keeps the record where the strategy needs it", async () => {
		const { result, discarded } = create({}, {}, RecordKeepingStrategy);
		await result;
		assert.deepEqual(discarded, []);
	});

	test("does not take a machine over whose record an earlier run left, where records are kept", async () => {
		const { result } = create({}, { "GET imports": [list(DONE)] }, RecordKeepingStrategy);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof ObjectExists);
			assert.equal(error.message, "r-1 is the record of its import");
			return true;
		});
	});

	test("does not look for it first unless it may be adopted", async () => {
		const { result, sentRoutes } = create({ adopt: false });
		await result;
		assert.ok(!sentRoutes().includes("GET machines"));
	});

	test("that may be adopted queues nothing where it exists, and leaves no record of an earlier run", async () => {
		const left = { "GET machines": [list(createMachineJson())], "GET imports": [list(DONE)] };
		const { result, sentRoutes, discarded } = create({ adopt: true }, left);
		await assert.rejects(result, (error) => {
			assert.ok(error instanceof ObjectExists);
			assert.equal(error.message, `its registration id is ${ID}`);
			return true;
		});
		assert.deepEqual([sentRoutes(), discarded], [["GET machines", "GET imports"], ["r-1"]]);
	});

	test("that may be adopted and does not exist is imported, if there is a hash", async () => {
		const { result } = create({ adopt: true }, { "GET machines": [list()] });
		assert.equal((await result).id, ID);
		const { api, sentRoutes } = createApi({ "GET machines": [list()] });
		await assert.rejects(api.create({ serialNumber: SERIAL, adopt: true }), {
			code: "NothingToAdopt",
			message:
				/^There is no registered machine "5CG1234ABC" to adopt\. To register it, declare its `hardware/,
		});
		assert.deepEqual(sentRoutes(), ["GET machines"]);
	});
});

describe("writing a machine", () => {
	const base = { ...createLiveMachine({ groupTag: "Kiosk" }), computed: { state: STATE } };
	const desired = createMachineInputs({ groupTag: "Lab" });

	test("reads it first, and tells how its import ended once more", async () => {
		const reads = [createMachineJson({ groupTag: "Kiosk" }), createMachineJson({ groupTag: "Lab" })];
		const { api, sentRoutes } = createApi({ [GET]: reads, [UPDATE]: [undefined] });
		const written = await api.update(desired, base);
		assert.deepEqual([written.values.groupTag, written.computed["state"]], ["Lab", STATE]);
		assert.deepEqual(sentRoutes(), [GET, UPDATE, GET]);
	});

	test("sends nothing to one that somebody changed or deleted", async () => {
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

describe("removing a machine", () => {
	const { etag } = createLiveMachine();

	test("deletes it, and is done when it is gone", async () => {
		const { api, sentRoutes } = createApi({ [GET]: [createMachineJson(), GONE], [DELETE]: [undefined] });
		await api.delete(target, etag);
		assert.deepEqual(sentRoutes(), [GET, DELETE, GET]);
	});

	test("that is not there is done", async () => {
		const { api, sentRoutes } = createApi({ [GET]: [GONE] });
		await api.delete(target, etag);
		assert.deepEqual(sentRoutes(), [GET]);
	});

	test("that somebody changed is left alone", async () => {
		const { api, sentRoutes } = createApi({ [GET]: [createMachineJson({ groupTag: "Lab" })] });
		await assert.rejects(api.delete(target, etag), PreconditionFailed);
		assert.deepEqual(sentRoutes(), [GET]);
	});

	test("that is another machine by now is left alone, whatever its etag", async () => {
		const other = createLiveMachine({ serialNumber: "other" });
		const { api, sentRoutes } = createApi({ [GET]: [createMachineJson({ serialNumber: "other" })] });
		await assert.rejects(api.delete(target, other.etag), {
			code: "WrongMachine",
			message: `Registration ${ID} was not deleted: it is that of machine "other", and Pulumi deployed machine "5CG1234ABC". Run \`pulumi refresh\` to take note of what is there.`,
		});
		assert.deepEqual(sentRoutes(), [GET]);
	});

	test("tells a lost answer and a moved etag apart from a refusal", async () => {
		const removing = (error: Error) =>
			createApi({ [GET]: [createMachineJson()], [DELETE]: [error] }).api.delete(target, etag);
		await assert.rejects(removing(new ConnectionLost("lost")), ResponseLost);
		await assert.rejects(removing(createServiceError(412, "resourceModified")), PreconditionFailed);
		await assert.rejects(removing(createServiceError(403, "Forbidden")), /^ServiceError/);
	});

	test("takes its record away where records are kept, even if the machine is gone", async () => {
		const other = createRecordJson({ deviceRegistrationId: "m-2" }, { id: "r-2" });
		const { api, discarded } = createApi(
			{ [GET]: [GONE], "GET imports": [list(other, DONE)] },
			RecordKeepingStrategy,
		);
		await api.delete(target, etag);
		assert.deepEqual(discarded, ["r-1"]);
	});
});
