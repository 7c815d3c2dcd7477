import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import type { Values } from "../../../provider/values.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

const NOTHING = { changes: false, replaces: [], deleteBeforeReplace: false };
const CHANGE = { ...NOTHING, changes: true };

describe("without changes by somebody else", () => {
	test("the same declaration changes nothing, and only compares the etag", async () => {
		const { deploy, plan, service } = createGadgetProvider();
		const inputs = declareGadget({
			note: "x",
			lamp: { colour: "Red" },
			lock: { pin: "1234" },
			labels: ["a", "b"],
		});
		const olds = await deploy(inputs);
		assert.deepEqual(await plan(olds, inputs), NOTHING);
		assert.deepEqual(service.calls, ["create a", "probe a"]);
	});

	test("a value that the service considers equal is not a change", async () => {
		const { deploy, plan } = createGadgetProvider();
		const olds = await deploy(declareGadget({ lamp: { colour: "Red" }, note: "" }));
		assert.deepEqual(await plan(olds, declareGadget({ lamp: { colour: "RED" }, note: "" })), NOTHING);
	});

	const changes: readonly [title: string, before: Values, after: Values][] = [
		["another value", { note: "x" }, { note: "y" }],
		["another value inside", { lamp: { level: "low" } }, { lamp: { level: "high" } }],
		["another secret", { lock: { pin: "1" } }, { lock: { pin: "2" } }],
		["a property more", {}, { note: "x" }],
		["a property more with the value that it has", {}, { mode: "on" }],
		["a property less", { note: "x" }, {}],
		["a member less", { lamp: { colour: "red", level: "low" } }, { lamp: { colour: "red" } }],
		["a secret no longer declared", { lock: { pin: "1" } }, {}],
		["another order of a list", { labels: ["a", "b"] }, { labels: ["b", "a"] }],
		["a value that nobody knows yet", { note: "x" }, { note: unknownValue }],
		["a value inside that nobody knows yet", { lamp: { level: "low" } }, { lamp: { level: unknownValue } }],
		["a policy that keeps other outputs", {}, { keepPin: true }],
	];
	for (const [title, before, after] of changes) {
		test(`${title} is a change in place`, async () => {
			const { deploy, plan } = createGadgetProvider();
			assert.deepEqual(await plan(await deploy(declareGadget(before)), declareGadget(after)), CHANGE);
		});
	}

	test("another provider option does not change the object", async () => {
		const { deploy, plan } = createGadgetProvider();
		assert.deepEqual(
			await plan(await deploy(declareGadget()), declareGadget({ adopt: true, onDrift: "fail" })),
			NOTHING,
		);
	});

	test("another identity replaces, names the property, and sends no request", async () => {
		const { deploy, plan, service } = createGadgetProvider();
		const olds = await deploy(declareGadget());
		const replaces = { changes: true, deleteBeforeReplace: true };
		assert.deepEqual(await plan(olds, declareGadget({ name: "b" })), { ...replaces, replaces: ["name"] });
		assert.deepEqual(await plan(olds, declareGadget({ place: unknownValue })), {
			...replaces,
			replaces: ["place"],
		});
		assert.deepEqual(service.calls, ["create a"]);
	});

	test("results are new objects, which the host may change", async () => {
		const { deploy, plan } = createGadgetProvider();
		const olds = await deploy(declareGadget());
		const first = await plan(olds, declareGadget());
		first.replaces.push("spoilt");
		assert.deepEqual(await plan(olds, declareGadget()), NOTHING);
	});
});

describe("a change made elsewhere", () => {
	test("to a declared field is reported field by field, and is a change", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x", lamp: { colour: "red", level: "low" } }));
		service.change("a", { note: "theirs", lamp: { colour: "red" } });
		assert.deepEqual(
			await plan(olds, declareGadget({ note: "y", lamp: { colour: "red", level: "low" } })),
			CHANGE,
		);
		assert.deepEqual(warnings, [
			"Gadget a was changed outside Pulumi since the last deployment:\n" +
				'    note: "x" at the last deployment, "theirs" now, "y" declared\n' +
				'    lamp.level: "low" at the last deployment, none now, "low" declared',
		]);
	});

	test("to a secret is reported without the secret", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider();
		const olds = await deploy(declareGadget({ lock: { pin: "1234" } }));
		service.change("a", { lock: { pin: "5678" } });
		await plan(olds, declareGadget({ lock: { pin: "1234" } }));
		assert.match(
			warnings.join(),
			/lock\.pin: key 4321 at the last deployment, key 8765 now, key 4321 declared/,
		);
		assert.doesNotMatch(warnings.join(), /1234|5678/);
	});

	test("to a field that nobody declares is accepted silently", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { mode: "off", labels: ["theirs"] });
		assert.deepEqual(await plan(olds, declareGadget({ note: "x" })), NOTHING);
		assert.deepEqual(warnings, []);
	});

	test("to the newly declared value is reported, and needs no write", async () => {
		const { deploy, plan, redeploy, service, warnings } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "y" });
		assert.deepEqual(await plan(olds, declareGadget({ note: "y" })), CHANGE);
		assert.match(warnings.join(), /"x" at the last deployment, "y" now, "y" declared/);
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.ok(!service.calls.includes("write a"));
	});

	test("to a field with an unknown declared value says so", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		await plan(olds, declareGadget({ note: unknownValue }));
		assert.match(warnings.join(), /"theirs" now, not yet known declared/);
	});
});

describe("an object that was created again", () => {
	test("is reported, and is a change even if every declared field is equal", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.put("a", { note: "x" });
		assert.deepEqual(await plan(olds, declareGadget({ note: "x" })), CHANGE);
		assert.deepEqual(warnings, [
			"Gadget a was deleted and created again outside Pulumi since the last deployment; its pin is new",
		]);
	});

	test("is reported with the fields that differ", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.put("a", {});
		await plan(olds, declareGadget({ note: "x" }));
		assert.match(warnings.join(), /is new:\n {4}note: "x" at the last deployment, none now, "x" declared$/);
	});
});

test("an object that was deleted elsewhere is replaced, which creates it again", async () => {
	const { deploy, plan, service, warnings } = createGadgetProvider();
	const olds = await deploy(declareGadget());
	service.drop("a");
	assert.deepEqual(await plan(olds, declareGadget()), {
		changes: true,
		replaces: ["name"],
		deleteBeforeReplace: true,
	});
	assert.deepEqual(warnings, [
		"Gadget a was deleted outside Pulumi since the last deployment; it will be created again",
	]);
});

describe('under onDrift "fail"', () => {
	const remedy =
		'\nNothing was written, because onDrift is "fail". To keep the change, declare the current values and run ' +
		"`pulumi up`, which then writes nothing. To undo it, restore the object yourself, or run " +
		"`pulumi config set gadgets:onDrift reconcile` and run `pulumi up`.";

	test("a change of a declared field stops the run", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		await assert.rejects(plan(olds, declareGadget({ note: "x" })), {
			code: "DriftRefused",
			message:
				"Gadget a was changed outside Pulumi since the last deployment:\n" +
				`    note: "x" at the last deployment, "theirs" now, "x" declared${remedy}`,
		});
		assert.deepEqual(warnings, []);
	});

	test("a deletion and a new creation stop the run", async () => {
		const { deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget());
		service.put("a");
		await assert.rejects(plan(olds, declareGadget()), { code: "RecreatedElsewhere" });
		service.drop("a");
		await assert.rejects(plan(olds, declareGadget()), { code: "DeletedElsewhere" });
	});

	test("a change to the declared value does not: an interrupted run may have made it", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "y" });
		assert.deepEqual(await plan(olds, declareGadget({ note: "y" })), CHANGE);
		assert.match(warnings.join(), /"x" at the last deployment, "y" now, "y" declared/);
	});

	test("a change to the declared value does not excuse a change of another field", async () => {
		const { deploy, plan, service, warnings } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x", lamp: { level: "low" } }));
		service.change("a", { note: "y", lamp: { level: "high" } });
		const news = declareGadget({ note: "y", lamp: { level: "low" } });
		await assert.rejects(plan(olds, news), {
			code: "DriftRefused",
			message:
				"Gadget a was changed outside Pulumi since the last deployment:\n" +
				'    note: "x" at the last deployment, "y" now, "y" declared\n' +
				`    lamp.level: "low" at the last deployment, "high" now, "low" declared${remedy}`,
		});
		assert.deepEqual(warnings, []);
	});

	test("a change to the declared value that a refresh took into state does not excuse another one", async () => {
		const { provider, deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x", lamp: { level: "low" } }));
		service.change("a", { note: "y", lamp: { level: "high" } });
		const { props } = await provider.read("a", olds);
		const news = declareGadget({ note: "y", lamp: { level: "low" } });
		await assert.rejects(plan(props, news), {
			code: "DriftRefused",
			message:
				"Gadget a was changed outside Pulumi since the last deployment:\n" +
				`    lamp.level: "low" at the last deployment, "high" now, "low" declared${remedy}`,
		});
	});

	test("a change of a field that nobody declares does not", async () => {
		const { deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { labels: ["theirs"] });
		assert.deepEqual(await plan(olds, declareGadget({ note: "x" })), NOTHING);
	});

	test("a change that a refresh took into state stops later runs, with the deployed value", async () => {
		const { provider, deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x", lock: { pin: "1" } }));
		service.change("a", { note: "theirs", lock: { pin: "2" } });
		const { props } = await provider.read("a", olds);
		const text =
			"Gadget a was changed outside Pulumi since the last deployment:\n" +
			`    note: "x" at the last deployment, "theirs" now, "x" declared\n` +
			`    lock.pin: key 1 at the last deployment, key 2 now, key 1 declared${remedy}`;
		const declared = declareGadget({ note: "x", lock: { pin: "1" } });
		await assert.rejects(plan(props, declared), { code: "DriftRefused", message: text });
		service.change("a", { mode: "off" });
		const { props: later } = await provider.read("a", props);
		await assert.rejects(plan(later, declared), { code: "DriftRefused", message: text });
	});

	test("a change that the program declares is deployed without a write, and stops nothing from then on", async () => {
		const { provider, deploy, plan, redeploy, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		const { props } = await provider.read("a", olds);
		assert.deepEqual(await plan(props, declareGadget({ note: "theirs" })), CHANGE);
		service.calls.length = 0;
		const outs = await redeploy(props, declareGadget({ note: "theirs" }));
		assert.ok(!("__drift" in outs));
		assert.deepEqual(service.calls, []);
		assert.deepEqual(await plan(outs, declareGadget({ note: "theirs" })), NOTHING);
		assert.deepEqual(await plan(outs, declareGadget({ note: "ours" })), CHANGE);
	});

	test("the plan of a refresh takes note of a change and refuses nothing, nor does it count against a limit", async () => {
		const limits = { disable: { max: 0, setting: "gadgets:maxDisables" } };
		const { provider, deploy, plan, service } = createGadgetProvider({ onDrift: "fail", limits });
		const declared = declareGadget({ note: "x" });
		const olds = await deploy(declared);
		service.change("a", { note: "theirs" });
		const { props } = await provider.read("a", olds);
		assert.deepEqual(await provider.diff("a", props, declared), CHANGE);
		service.put("a");
		const { props: recreated } = await provider.read("a", props);
		assert.deepEqual(await provider.diff("a", recreated, declared), CHANGE);
		await assert.rejects(plan(recreated, declared), { code: "DriftRefused" });
	});

	test("the refresh of the same run that finds a change keeps the object from being deleted", async () => {
		const { provider, deploy, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		const { props } = await provider.read("a", olds);
		await assert.rejects(provider.delete("a", props), {
			code: "DriftRefused",
			message:
				"Gadget a was not deleted: the refresh of this run found that it was changed outside Pulumi, and onDrift is " +
				'"fail". State now has the change. To delete the object anyway, run the command again.',
		});
		await provider.read("a", props);
		await provider.delete("a", props);
		assert.equal(await service.get({ id: "a", values: {} }), undefined);
	});

	test("a change that is undone stops nothing", async () => {
		const { provider, deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		const { props } = await provider.read("a", olds);
		service.change("a", { note: "x" });
		const { props: back } = await provider.read("a", props);
		assert.ok(!("__drift" in back));
		assert.equal((await plan(back, declareGadget({ note: "x" }))).changes, false);
	});

	test("the resource's setting overrides the stack's", async () => {
		const strict = createGadgetProvider();
		const olds = await strict.deploy(declareGadget({ note: "x" }));
		strict.service.change("a", { note: "theirs" });
		await assert.rejects(strict.plan(olds, declareGadget({ note: "x", onDrift: "fail" })), {
			code: "DriftRefused",
		});

		const lenient = createGadgetProvider({ onDrift: "fail" });
		const before = await lenient.deploy(declareGadget({ note: "x" }));
		lenient.service.change("a", { note: "theirs" });
		assert.deepEqual(await lenient.plan(before, declareGadget({ note: "x", onDrift: "reconcile" })), CHANGE);
	});
});
