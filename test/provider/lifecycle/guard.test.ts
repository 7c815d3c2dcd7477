import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Guard } from "../../../provider/lifecycle/guard.ts";
import { gadget, gadgetLife } from "./gadgetLife.ts";

const MANY = { most: 2, setting: "gadgets:maxDeletes" };

describe("a guard", () => {
	test("lets as many objects pass as the limit says, and the same one as often as it comes", () => {
		const guard = new Guard({ delete: MANY });
		for (const key of ["a", "b", "a", "b"]) guard.count("delete", key, `Gadget ${key}`);
		assert.throws(() => guard.count("delete", "c", "Gadget c"), {
			code: "LimitReached",
			message:
				"gadgets:maxDeletes allows at most 2 to be deleted in one run, and this run would go on to the last of these:\n" +
				"    Gadget a\n    Gadget b\n    Gadget c\n" +
				"The last one was left as it is. If this is meant, raise the limit for this run: `pulumi config set gadgets:maxDeletes 3`, or more.",
		});
	});

	test("counts each risk by itself, and none that has no limit", () => {
		const guard = new Guard({ delete: MANY });
		for (const key of ["a", "b"]) guard.count("delete", key, key);
		for (const key of ["a", "b", "c"]) guard.count("disable", key, key);
	});

	test("may allow nothing at all, and lists no more names than a person reads", () => {
		const none = new Guard({ disable: { most: 0, setting: "gadgets:maxDisables" } });
		assert.throws(() => none.count("disable", "a", "Gadget a"), /allows nothing to be disabled in one run/);
		const guard = new Guard({ delete: { ...MANY, most: 24 } });
		for (let at = 0; at < 24; at++) guard.count("delete", `d${at}`, `Gadget ${at}`);
		assert.throws(() => guard.count("delete", "x", "Gadget x"), /Gadget 19\n {4}and 5 more\n/);
	});
});

test("a plan stops before the first change that goes beyond a limit, and writes nothing", async () => {
	const limits = { disable: { most: 1, setting: "gadgets:maxDisables" } };
	const { life, deploy, service } = gadgetLife({ limits });
	const [a, b] = [await deploy(gadget()), await deploy(gadget({ name: "b" }))];
	const off = { mode: "off" };
	assert.equal((await life.diff("a", a, gadget(off))).changes, true);
	service.calls.length = 0;
	await assert.rejects(life.diff("b", b, gadget({ name: "b", ...off })), { code: "LimitReached" });
	await life.update("a", a, gadget(off));
	await assert.rejects(life.update("b", b, gadget({ name: "b", ...off })), { code: "LimitReached" });
	assert.deepEqual(
		service.calls.filter((call) => call.startsWith("write")),
		["write a"],
	);
});

test("a deletion beyond the limit is not sent", async () => {
	const { life, deploy, service } = gadgetLife({ limits: { delete: { ...MANY, most: 1 } } });
	const [a, b] = [await deploy(gadget()), await deploy(gadget({ name: "b" }))];
	await life.delete("a", a);
	await assert.rejects(life.delete("b", b), { code: "LimitReached" });
	assert.deepEqual(
		service.calls.filter((call) => call.startsWith("remove")),
		["remove a"],
	);
	assert.ok(service.values("b"));
});
