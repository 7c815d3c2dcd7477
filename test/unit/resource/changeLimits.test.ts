import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ChangeLimits, DeferredChangeLimits } from "../../../provider/resource/changeLimits.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

const MANY = { max: 2, setting: "gadgets:maxDeletes" };

describe("change limits", () => {
	test("allow as many objects as the limit says, and count an object once", () => {
		const guard = new ChangeLimits({ delete: MANY });
		for (const key of ["a", "b", "a", "b"]) guard.countOrThrow("delete", key, `Gadget ${key}`);
		assert.throws(() => guard.countOrThrow("delete", "c", "Gadget c"), {
			code: "LimitReached",
			message:
				"gadgets:maxDeletes allows at most 2 to be deleted in one run (set in the stack's configuration), and this run " +
				"would exceed it with the last of these:\n" +
				"    Gadget a\n    Gadget b\n    Gadget c\n" +
				"The last one was left as it is. This run needs at least 3; the total is not known, because resources are processed " +
				"one after another. If this is intended, run `pulumi config rm gadgets:maxDeletes`, check what `pulumi preview` shows, " +
				"and run `pulumi up` or `pulumi destroy --run-program`. Then set the limit again (`pulumi config set " +
				"gadgets:maxDeletes 2`). Without `--run-program`, `destroy` uses the " +
				"configuration of the last `up`. So does an `up` whose program no longer declares a resource of this package: first run " +
				"it with the previous program. An environment variable can lower the limit, never raise it.",
		});
	});

	test("name the environment variable that sets the limit", () => {
		const guard = new ChangeLimits({
			delete: { max: 0, setting: "gadgets:maxDeletes", variable: "GADGETS_MAX_DELETES" },
		});
		assert.throws(() => guard.countOrThrow("delete", "a", "Gadget a"), {
			message:
				"gadgets:maxDeletes allows nothing to be deleted in one run (set by the environment variable " +
				"GADGETS_MAX_DELETES), and this run would exceed it with the last of these:\n    Gadget a\n" +
				"The last one was left as it is. This run needs at least 1; the total is not known, because resources are processed " +
				"one after another. If this is intended, unset GADGETS_MAX_DELETES for this run. The " +
				"smaller of it and gadgets:maxDeletes in the stack's configuration applies.",
		});
	});

	test("count each action separately, and none without a limit", () => {
		const guard = new ChangeLimits({ delete: MANY });
		for (const key of ["a", "b"]) guard.countOrThrow("delete", key, key);
		for (const key of ["a", "b", "c"]) guard.countOrThrow("disable", key, key);
	});

	test("may allow nothing at all, and list only some of the names", () => {
		const none = new ChangeLimits({ disable: { max: 0, setting: "gadgets:maxDisables" } });
		assert.throws(
			() => none.countOrThrow("disable", "a", "Gadget a"),
			/allows nothing to be disabled in one run/,
		);
		const guard = new ChangeLimits({ delete: { ...MANY, max: 24 } });
		for (let at = 0; at < 24; at++) guard.countOrThrow("delete", `d${at}`, `Gadget ${at}`);
		assert.throws(() => guard.countOrThrow("delete", "x", "Gadget x"), /Gadget 19\n {4}and 5 more\n/);
	});
});

describe("objects that are counted together", () => {
	const risky = (...keys: string[]) => keys.map((key) => ({ key, name: `Gadget ${key}` }));

	test("are refused together with the number that the run needs, and none of them is counted", () => {
		const guard = new ChangeLimits({ delete: MANY });
		assert.throws(() => guard.countAllOrThrow("delete", risky("a", "b", "c", "c", "d")), {
			code: "LimitReached",
			message:
				"gadgets:maxDeletes allows at most 2 to be deleted in one run (set in the stack's configuration), and this run " +
				"needs 4:\n    Gadget a\n    Gadget b\n    Gadget c\n    Gadget d\n" +
				"None of these was deleted. If this is intended, run `pulumi config set gadgets:maxDeletes 4`, and run `pulumi up` or " +
				"`pulumi destroy --run-program`. Then set the limit again (`pulumi config set gadgets:maxDeletes 2`). Without `--run-program`, `destroy` uses the " +
				"configuration of the last `up`. So does an `up` whose program no longer declares a resource of this package: first run " +
				"it with the previous program. An environment variable can lower the limit, never raise it.",
		});
		guard.countAllOrThrow("delete", risky("x", "y"));
	});

	test("are added to earlier ones, each object once", () => {
		const guard = new ChangeLimits({ delete: MANY, disable: { max: 0, setting: "gadgets:maxDisables" } });
		guard.countOrThrow("delete", "a", "Gadget a");
		guard.countAllOrThrow("delete", risky("a", "b"));
		guard.countOrThrow("delete", "b", "Gadget b");
		guard.countAllOrThrow("delete", risky("a", "b"));
		assert.throws(
			() => guard.countAllOrThrow("delete", risky("b", "c", "d")),
			/this run needs 4, 2 of them counted before these:\n {4}Gadget c\n {4}Gadget d\nNone of these was deleted\./,
		);
		guard.countAllOrThrow("disable", []);
		guard.countAllOrThrow("changeKeys", risky("a", "b", "c"));
	});

	test("are listed in natural order, in whatever order they were found", () => {
		const guard = new ChangeLimits({ delete: MANY });
		assert.throws(
			() => guard.countAllOrThrow("delete", risky("10", "9", "a", "1")),
			/this run needs 4:\n {4}Gadget 1\n {4}Gadget 9\n {4}Gadget 10\n {4}Gadget a\n/,
		);
	});

	test("may be collected first and counted later", () => {
		const guard = new ChangeLimits({ delete: MANY });
		const tally = new DeferredChangeLimits();
		for (const key of ["a", "b", "a"]) tally.countOrThrow("delete", key, `Gadget ${key}`);
		tally.countAllOrThrow("delete", risky("c", "d", "e"));
		tally.countOrThrow("disable", "a", "Gadget a");
		assert.throws(() => tally.countAllIn(guard), /this run needs 5:/);
		tally.countAllIn(new ChangeLimits({ delete: { ...MANY, max: 5 } }));
	});
});

test("a plan that exceeds a limit fails and writes nothing", async () => {
	const limits = { disable: { max: 1, setting: "gadgets:maxDisables" } };
	const { provider, deploy, service } = createGadgetProvider({ limits });
	const [a, b] = [await deploy(declareGadget()), await deploy(declareGadget({ name: "b" }))];
	const off = { mode: "off" };
	assert.equal((await provider.diff("a", a, declareGadget(off))).changes, true);
	service.calls.length = 0;
	await assert.rejects(provider.diff("b", b, declareGadget({ name: "b", ...off })), { code: "LimitReached" });
	await provider.update("a", a, declareGadget(off));
	await assert.rejects(provider.update("b", b, declareGadget({ name: "b", ...off })), {
		code: "LimitReached",
	});
	assert.deepEqual(
		service.calls.filter((call) => call.startsWith("write")),
		["write a"],
	);
});

test("a deletion beyond the limit is not sent", async () => {
	const { provider, deploy, service } = createGadgetProvider({ limits: { delete: { ...MANY, max: 1 } } });
	const [a, b] = [await deploy(declareGadget()), await deploy(declareGadget({ name: "b" }))];
	await provider.delete("a", a);
	await assert.rejects(provider.delete("b", b), { code: "LimitReached" });
	assert.deepEqual(
		service.calls.filter((call) => call.startsWith("remove")),
		["remove a"],
	);
	assert.ok(service.values("b"));
});
