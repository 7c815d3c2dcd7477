import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import type { Values } from "../../../provider/values.ts";
import { createGadgetProvider, declareGadget } from "./gadgetLife.ts";

const NOTHING = { changes: false, replaces: [], deleteBeforeReplace: false };
const CHANGE = { ...NOTHING, changes: true };

describe("without anybody else", () => {
	test("the same declaration changes nothing, and asks only whether the etag is the same", async () => {
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

	test("what the service sees as the same is no change", async () => {
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

	test("another policy is no change of the object", async () => {
		const { deploy, plan } = createGadgetProvider();
		assert.deepEqual(
			await plan(await deploy(declareGadget()), declareGadget({ adopt: true, onDrift: "fail" })),
			NOTHING,
		);
	});

	test("another identity replaces, names what replaces, and asks nobody", async () => {
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

	test("answers are fresh objects, which the host may change", async () => {
		const { deploy, plan } = createGadgetProvider();
		const olds = await deploy(declareGadget());
		const first = await plan(olds, declareGadget());
		first.replaces.push("spoilt");
		assert.deepEqual(await plan(olds, declareGadget()), NOTHING);
	});
});

describe("a change made elsewhere", () => {
	test("to a declared field is told field by field, and is a change", async () => {
		const { deploy, plan, service, said } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x", lamp: { colour: "red", level: "low" } }));
		service.change("a", { note: "theirs", lamp: { colour: "red" } });
		assert.deepEqual(
			await plan(olds, declareGadget({ note: "y", lamp: { colour: "red", level: "low" } })),
			CHANGE,
		);
		assert.deepEqual(said, [
			"Gadget a was changed outside Pulumi since the last deployment:\n" +
				'    note: "x" at the last deployment, "theirs" now, "y" declared\n' +
				'    lamp.level: "low" at the last deployment, none now, "low" declared',
		]);
	});

	test("to a secret is told without the secret", async () => {
		const { deploy, plan, service, said } = createGadgetProvider();
		const olds = await deploy(declareGadget({ lock: { pin: "1234" } }));
		service.change("a", { lock: { pin: "5678" } });
		await plan(olds, declareGadget({ lock: { pin: "1234" } }));
		assert.match(said.join(), /lock\.pin: key 4321 at the last deployment, key 8765 now, key 4321 declared/);
		assert.doesNotMatch(said.join(), /1234|5678/);
	});

	test("to a field that nobody declares is taken silently", async () => {
		const { deploy, plan, service, said } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { mode: "off", labels: ["theirs"] });
		assert.deepEqual(await plan(olds, declareGadget({ note: "x" })), NOTHING);
		assert.deepEqual(said, []);
	});

	test("that ends where the declaration is going is told, and no write is left to do", async () => {
		const { deploy, plan, redeploy, service, said } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "y" });
		assert.deepEqual(await plan(olds, declareGadget({ note: "y" })), CHANGE);
		assert.match(said.join(), /"x" at the last deployment, "y" now, "y" declared/);
		await redeploy(olds, declareGadget({ note: "y" }));
		assert.ok(!service.calls.includes("write a"));
	});

	test("to a field whose new value nobody knows yet says so", async () => {
		const { deploy, plan, service, said } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		await plan(olds, declareGadget({ note: unknownValue }));
		assert.match(said.join(), /"theirs" now, not yet known declared/);
	});
});

describe("an object that is another one by now", () => {
	test("is told as created again, and is a change even where every declared field is equal", async () => {
		const { deploy, plan, service, said } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.put("a", { note: "x" });
		assert.deepEqual(await plan(olds, declareGadget({ note: "x" })), CHANGE);
		assert.deepEqual(said, [
			"Gadget a was deleted and created again outside Pulumi since the last deployment; its pin is new",
		]);
	});

	test("is told with the fields that differ", async () => {
		const { deploy, plan, service, said } = createGadgetProvider();
		const olds = await deploy(declareGadget({ note: "x" }));
		service.put("a", {});
		await plan(olds, declareGadget({ note: "x" }));
		assert.match(said.join(), /is new:\n {4}note: "x" at the last deployment, none now, "x" declared$/);
	});
});

test("an object that was deleted elsewhere is replaced, which creates it again", async () => {
	const { deploy, plan, service, said } = createGadgetProvider();
	const olds = await deploy(declareGadget());
	service.drop("a");
	assert.deepEqual(await plan(olds, declareGadget()), {
		changes: true,
		replaces: ["name"],
		deleteBeforeReplace: true,
	});
	assert.deepEqual(said, [
		"Gadget a was deleted outside Pulumi since the last deployment; it will be created again",
	]);
});

describe('under onDrift "fail"', () => {
	const remedy =
		'\nNothing was written, because onDrift is "fail". Put the object back, or take the change into the program and ' +
		'run `pulumi refresh`, or set onDrift to "reconcile".';

	test("a change of a declared field stops the run", async () => {
		const { deploy, plan, service, said } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		await assert.rejects(plan(olds, declareGadget({ note: "x" })), {
			code: "DriftRefused",
			message:
				"Gadget a was changed outside Pulumi since the last deployment:\n" +
				`    note: "x" at the last deployment, "theirs" now, "x" declared${remedy}`,
		});
		assert.deepEqual(said, []);
	});

	test("a deletion and a new creation stop the run", async () => {
		const { deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget());
		service.put("a");
		await assert.rejects(plan(olds, declareGadget()), { code: "RecreatedElsewhere" });
		service.drop("a");
		await assert.rejects(plan(olds, declareGadget()), { code: "DeletedElsewhere" });
	});

	test("a change to what is declared by now does not: it may be our own, of an interrupted run", async () => {
		const { deploy, plan, service, said } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "y" });
		assert.deepEqual(await plan(olds, declareGadget({ note: "y" })), CHANGE);
		assert.match(said.join(), /"x" at the last deployment, "y" now, "y" declared/);
	});

	test("a change of what nobody declares does not", async () => {
		const { deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { labels: ["theirs"] });
		assert.deepEqual(await plan(olds, declareGadget({ note: "x" })), NOTHING);
	});

	test("a change that a refresh took into state stops the runs after it, with the value that it had before", async () => {
		const { life, deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x", lock: { pin: "1" } }));
		service.change("a", { note: "theirs", lock: { pin: "2" } });
		const { props } = await life.read("a", olds);
		const text =
			"Gadget a was changed outside Pulumi since the last deployment:\n" +
			`    note: "x" at the last deployment, "theirs" now, "x" declared\n` +
			`    lock.pin: key 1 at the last deployment, key 2 now, key 1 declared${remedy}`;
		const declared = declareGadget({ note: "x", lock: { pin: "1" } });
		await assert.rejects(plan(props, declared), { code: "DriftRefused", message: text });
		service.change("a", { mode: "off" });
		const { props: later } = await life.read("a", props);
		await assert.rejects(plan(later, declared), { code: "DriftRefused", message: text });
	});

	test("a change that the program takes over is deployed by a write of nothing, and stops nothing from then on", async () => {
		const { life, deploy, plan, redeploy, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		const { props } = await life.read("a", olds);
		assert.deepEqual(await plan(props, declareGadget({ note: "theirs" })), CHANGE);
		service.calls.length = 0;
		const outs = await redeploy(props, declareGadget({ note: "theirs" }));
		assert.ok(!("__drift" in outs));
		assert.deepEqual(service.calls, []);
		assert.deepEqual(await plan(outs, declareGadget({ note: "theirs" })), NOTHING);
		assert.deepEqual(await plan(outs, declareGadget({ note: "ours" })), CHANGE);
	});

	test("a change that is put back stops nothing", async () => {
		const { life, deploy, plan, service } = createGadgetProvider({ onDrift: "fail" });
		const olds = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		const { props } = await life.read("a", olds);
		service.change("a", { note: "x" });
		const { props: back } = await life.read("a", props);
		assert.ok(!("__drift" in back));
		assert.equal((await plan(back, declareGadget({ note: "x" }))).changes, false);
	});

	test("the resource's own word goes before the stack's", async () => {
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
