import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IDENTITY_OUTPUT } from "../../../provider/stateKeys.ts";
import { createGadgetProvider, declareGadget } from "./gadgetLife.ts";

const SEALED = declareGadget({ seal: "wax", note: "x" });

describe("an identity that the service never gives back", () => {
	test("is no output, and is known by its fingerprint", async () => {
		const { deploy } = createGadgetProvider();
		const outs = await deploy(SEALED);
		assert.equal(outs[IDENTITY_OUTPUT], "seal=xaw");
		assert.ok(!JSON.stringify(outs).includes("wax"));
	});

	test("replaces when another one is declared, and not when it is left out or declared as before", async () => {
		const { deploy, plan } = createGadgetProvider();
		const outs = await deploy(SEALED);
		assert.deepEqual((await plan(outs, declareGadget({ seal: "lead", note: "x" }))).replaces, ["seal"]);
		assert.deepEqual((await plan(outs, SEALED)).replaces, []);
		assert.deepEqual((await plan(outs, declareGadget({ note: "x" }))).replaces, []);
	});

	test("that was never declared is nothing to compare with", async () => {
		const { deploy, plan } = createGadgetProvider();
		const outs = await deploy(declareGadget({ note: "x" }));
		assert.ok(!(IDENTITY_OUTPUT in outs));
		assert.deepEqual((await plan(outs, SEALED)).replaces, []);
	});

	test("is remembered over updates and refreshes that do not name it", async () => {
		const { life, deploy, redeploy, plan } = createGadgetProvider();
		const outs = await redeploy(await deploy(SEALED), declareGadget({ note: "y" }));
		assert.equal(outs[IDENTITY_OUTPUT], "seal=xaw");
		const { props } = await life.read("a", outs);
		assert.equal(props[IDENTITY_OUTPUT], "seal=xaw");
		assert.deepEqual((await plan(props, declareGadget({ seal: "lead", note: "y" }))).replaces, ["seal"]);
	});

	test("keeps a refresh from making up inputs without it, so the differences are told in words", async () => {
		const { life, deploy, service, said } = createGadgetProvider();
		const outs = await deploy(SEALED);
		assert.deepEqual(await life.read("a", outs), { id: "a", props: outs });
		assert.deepEqual(said, []);
		service.change("a", { note: "theirs" });
		const { inputs, props } = await life.read("a", outs);
		assert.deepEqual([inputs, props["note"]], [undefined, "theirs"]);
		assert.deepEqual(said, [
			'Gadget a was changed outside Pulumi since the last deployment:\n    note: "x" at the last deployment, "theirs" now, "x" declared',
		]);
	});
});

test("what a refresh noted is told by the plans after it where state's inputs could not follow, and only there", async () => {
	for (const [declared, told] of [
		[SEALED, true],
		[declareGadget({ note: "x" }), false],
	] as const) {
		const { life, deploy, plan, service, said } = createGadgetProvider();
		const outs = await deploy(declared);
		service.change("a", { note: "theirs" });
		const { props } = await life.read("a", outs);
		said.length = 0;
		assert.equal((await plan(props, declared)).changes, true);
		const words =
			'Gadget a was changed outside Pulumi since the last deployment:\n    note: "x" at the last deployment, "theirs" now, "x" declared';
		assert.deepEqual(said, told ? [words] : []);
	}
});

test("an object whose id the service chooses is kept under that id, half-made or adopted as well", async () => {
	const { life, service } = createGadgetProvider({
		kind: { getId: () => "", getLabel: ({ values }) => String(values["name"]) },
	});
	const create = service.create.bind(service);
	service.create = async (desired) => ({ ...(await create(desired)), id: "id-7" });
	assert.equal((await life.create(declareGadget())).id, "id-7");
	await assert.rejects(life.create(declareGadget()), /^ResourceOperationError: Gadget a exists already/);
});
