import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import fc from "fast-check";
import { type Comparison, compare } from "../../../provider/resource/compare.ts";
import { encodeManagedFields, listDeclaredPaths } from "../../../provider/resource/managedFields.ts";
import type { LiveObject } from "../../../provider/resource/resourceType.ts";
import { asFieldValue, matchesAll, type Schema, toFieldValues } from "../../../provider/resource/schema.ts";
import { DECLARED_ONLY_OUTPUT, DECLARED_OUTPUT, DRIFT_OUTPUT } from "../../../provider/stateKeys.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetType, declarations, GADGET_FIELDS, type GadgetInputs } from "./gadget.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";
import { GadgetService } from "./gadgetService.ts";

const GADGET_TYPE = createGadgetType(new GadgetService(() => 0));

/** The state of a gadget that was deployed with these values: it has no secrets. */
function createState(values: Values): Values {
	const { lock, ...rest } = values;
	const { pin: _, ...shown } = (lock ?? {}) as { pin?: string };
	return {
		...rest,
		lock: shown,
		incarnation: "1",
		[DECLARED_OUTPUT]: encodeManagedFields(GADGET_FIELDS, values),
	};
}

function createLive(values: Partial<GadgetInputs>, uid = "1"): LiveObject<GadgetInputs> {
	return { etag: "moved", uid, values, computed: {} };
}

function compareGadget(state: Values, declared?: Values, live?: Values): Comparison<GadgetInputs> {
	return compare(GADGET_TYPE, {
		state,
		...(declared && { declared }),
		...(live && { live: createLive(live) }),
	});
}

const field = (path: string, value: string): { path: string; value: string } => ({ path, value });

describe("the values of the last deployment", () => {
	test("are those that were declared", () => {
		fc.assert(
			fc.property(declarations, (values) => {
				assert.deepEqual(
					compareGadget(createState(values)).lastApplied,
					toFieldValues(GADGET_FIELDS, values),
				);
			}),
		);
	});

	test("are encoded as before by a refresh of an unchanged object", () => {
		fc.assert(
			fc.property(declarations, (values) => {
				const state = createState(values);
				assert.equal(compareGadget(state, undefined, values).refreshedManagedFields, state[DECLARED_OUTPUT]);
			}),
		);
	});

	test("keep their paths in a refresh, and get the fingerprints of the live secrets", () => {
		fc.assert(
			fc.property(declarations, declarations, (values, live) => {
				const state = createState(values);
				const refreshed = {
					...createState(live),
					[DECLARED_OUTPUT]: compareGadget(state, undefined, live).refreshedManagedFields,
				};
				assert.deepEqual(listDeclaredPaths(refreshed), listDeclaredPaths(state));
				assert.ok(matchesAll(compareGadget(refreshed).lastApplied, toFieldValues(GADGET_FIELDS, live)));
			}),
		);
	});

	test("are none in a state without managed fields", () => {
		for (const state of [{}, { [DECLARED_OUTPUT]: "" }, { [DECLARED_OUTPUT]: 5 }]) {
			assert.equal(compareGadget(state).lastApplied.size, 0);
			assert.equal(compareGadget(state, undefined, { note: "x" }).refreshedManagedFields, "");
		}
	});
});

test("the same declaration and an unchanged object differ in nothing", () => {
	fc.assert(
		fc.property(declarations, (values) => {
			const comparison = compareGadget(createState(values), values);
			assert.deepEqual(comparison.replaces, []);
			assert.deepEqual(comparison.drift, []);
			assert.deepEqual(comparison.unset, []);
			assert.deepEqual(comparison.refreshedDrift, { pending: [], accepted: [] });
			assert.deepEqual(
				[comparison.hasDeclaredChange, comparison.wasRecreated, comparison.driftToRecord],
				[false, false, undefined],
			);
		}),
	);
});

test("an object with a moved etag and the deployed values has no drift", () => {
	fc.assert(
		fc.property(declarations, (values) => {
			assert.deepEqual(compareGadget(createState(values), values, values).drift, []);
		}),
	);
});

test("an identity that is declared with another value replaces; one that is not declared does not", () => {
	const state = createState(declareGadget());
	assert.deepEqual(compareGadget(state, declareGadget({ name: "b" })).replaces, ["name"]);
	assert.deepEqual(compareGadget(state, { name: "a" }).replaces, []);
	assert.deepEqual(compareGadget(state).replaces, []);
});

test("an object with another uid was created again; a type without uids cannot tell", () => {
	const state = createState(declareGadget());
	const live = createLive({}, "2");
	assert.equal(compare(GADGET_TYPE, { state, live }).wasRecreated, true);
	assert.equal(compare(GADGET_TYPE, { state, live: createLive({}) }).wasRecreated, false);
	const { getUid: _, ...withoutUid } = GADGET_TYPE;
	assert.equal(compare(withoutUid, { state, live }).wasRecreated, false);
});

describe("drift", () => {
	const state = createState(declareGadget({ note: "x", mode: "on" }));

	test("is a declared field with another value, together with the values of all versions", () => {
		const declared = declareGadget({ note: "y", mode: "on" });
		assert.deepEqual(compareGadget(state, declared, { note: "theirs", mode: "on" }).drift, [
			{
				path: "note",
				last: field("note", "x"),
				live: field("note", "theirs"),
				declared: field("note", "y"),
			},
		]);
		assert.deepEqual(compareGadget(state, declareGadget({ mode: "on" }), { mode: "on" }).drift, [
			{ path: "note", last: field("note", "x") },
		]);
	});

	test("counts a newly declared field by its value in state, unless state holds declared values only", () => {
		const declared = declareGadget({ note: "x", mode: "on", lamp: { level: "low" } });
		const live = { note: "x", mode: "on", lamp: { level: "high" } };
		assert.deepEqual(compareGadget({ ...state, lamp: { level: "low" } }, declared, live).drift, [
			{
				path: "lamp.level",
				last: field("lamp.level", "low"),
				live: field("lamp.level", "high"),
				declared: field("lamp.level", "low"),
			},
		]);
		assert.deepEqual(compareGadget({ ...state, [DECLARED_ONLY_OUTPUT]: true }, declared, live).drift, []);
	});

	test("without inputs is compared with what the last deployment declared", () => {
		assert.deepEqual(compareGadget(state, undefined, { note: "theirs", mode: "on" }).drift, [
			{
				path: "note",
				last: field("note", "x"),
				live: field("note", "theirs"),
				declared: field("note", "x"),
			},
		]);
	});
});

describe("drift that an earlier refresh took into state", () => {
	const refreshed = {
		...createState(declareGadget({ note: "theirs" })),
		[DRIFT_OUTPUT]: JSON.stringify([field("note", "x")]),
	};
	const difference = { path: "note", last: field("note", "x"), live: field("note", "theirs") };

	test("is pending until the program declares it", () => {
		assert.deepEqual(compareGadget(refreshed, declareGadget({ note: "x" })).refreshedDrift, {
			pending: [{ ...difference, declared: field("note", "x") }],
			accepted: [],
		});
		assert.deepEqual(compareGadget(refreshed, declareGadget({ note: "theirs" })).refreshedDrift, {
			pending: [],
			accepted: [{ ...difference, declared: field("note", "theirs") }],
		});
	});

	test("is neither once it is undone or no longer declared", () => {
		for (const comparison of [
			compareGadget(refreshed, declareGadget()),
			compareGadget(refreshed, declareGadget({ note: "x" }), { note: "x" }),
		])
			assert.deepEqual(comparison.refreshedDrift, { pending: [], accepted: [] });
	});

	test("is pending without inputs, as the last deployment is what was declared", () => {
		assert.deepEqual(compareGadget(refreshed).refreshedDrift.pending, [
			{ ...difference, declared: field("note", "x") },
		]);
	});

	test("gives later differences their deployed value, and is recorded again until it is undone", () => {
		const later = compareGadget(refreshed, undefined, { note: "later" });
		assert.deepEqual(later.driftSinceDeployment, [
			{
				path: "note",
				last: field("note", "x"),
				live: field("note", "later"),
				declared: field("note", "theirs"),
			},
		]);
		assert.equal(later.driftToRecord, '[{"path":"note","value":"x"}]');
		const undone = compareGadget(refreshed, undefined, { note: "x" });
		assert.equal(undone.drift.length, 1);
		assert.deepEqual(undone.driftSinceDeployment, []);
		assert.equal(undone.driftToRecord, undefined);
	});
});

describe("unset paths", () => {
	const state = createState(
		declareGadget({ note: "x", lamp: { colour: "red", level: "low" }, lock: { pin: "1", owner: "me" } }),
	);

	test("are those that are no longer declared, secrets and kept properties aside", () => {
		const { unset, hasDeclaredChange } = compareGadget(state, declareGadget({ lamp: { colour: "red" } }));
		assert.deepEqual([unset, hasDeclaredChange], [["note", "lamp.level"], true]);
		assert.deepEqual(compareGadget(state, declareGadget({ note: "x", lamp: {}, lock: {} })).unset, [
			"lamp.colour",
			"lamp.level",
			"lock.owner",
		]);
	});

	test("are not those below a value that is not known yet", () => {
		assert.deepEqual(compareGadget(state, declareGadget({ note: "x", lamp: unknownValue })).unset, []);
	});

	test("bring their alternative with them, unless that one is declared", () => {
		const type = {
			...GADGET_TYPE,
			schema: { ...GADGET_FIELDS, note: { ...GADGET_FIELDS.note, alternative: "labels" } },
		};
		const rest = { lamp: { colour: "red", level: "low" } };
		assert.deepEqual(compare(type, { state, declared: declareGadget(rest) }).unset, ["note", "labels"]);
		assert.deepEqual(compare(type, { state, declared: declareGadget({ ...rest, labels: ["a"] }) }).unset, [
			"note",
		]);
	});
});

test("a declared change is another value, another set of paths, or state that must keep something else", () => {
	const state = createState(declareGadget({ note: "" }));
	for (const [declared, expected] of [
		[declareGadget({ note: "" }), false],
		[declareGadget({ note: "y" }), true],
		[declareGadget(), true],
		[declareGadget({ labels: "" }), true],
		[declareGadget({ note: "", keepPin: true }), true],
	] as const)
		assert.equal(compareGadget(state, declared).hasDeclaredChange, expected);
});

test("one diff splits each of state, inputs and live object into fields once", async () => {
	const calls: string[] = [];
	const countCalls: Schema<GadgetInputs>["lamp"]["splitValue"] = (value, path) => {
		calls.push(path);
		return asFieldValue(value, path);
	};
	const lamp = { ...GADGET_FIELDS.lamp, splitValue: countCalls };
	const { deploy, plan, service } = createGadgetProvider({
		resourceType: { schema: { ...GADGET_FIELDS, lamp } },
	});
	const inputs = declareGadget({ lamp: { level: "low" } });
	const state = await deploy(inputs);
	calls.length = 0;
	assert.equal((await plan(state, inputs)).changes, false);
	assert.deepEqual(calls, ["lamp", "lamp"]);
	service.change("a", { note: "theirs" });
	calls.length = 0;
	assert.equal((await plan(state, inputs)).changes, false);
	assert.deepEqual(calls, ["lamp", "lamp", "lamp"]);
});
