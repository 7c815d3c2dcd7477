import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { IDENTITY_OUTPUT } from "../../../provider/stateKeys.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

const SEALED = declareGadget({ seal: "wax", note: "x" });

describe("an identity that the service never returns", () => {
	test("is not an output, and is kept by its fingerprint", async () => {
		const { deploy } = createGadgetProvider();
		const outs = await deploy(SEALED);
		assert.equal(outs[IDENTITY_OUTPUT], "seal=xaw");
		assert.ok(!JSON.stringify(outs).includes("wax"));
	});

	test("replaces if another one is declared, and not if it is left out or declared as before", async () => {
		const { deploy, plan } = createGadgetProvider();
		const outs = await deploy(SEALED);
		assert.deepEqual((await plan(outs, declareGadget({ seal: "lead", note: "x" }))).replaces, ["seal"]);
		assert.deepEqual((await plan(outs, SEALED)).replaces, []);
		assert.deepEqual((await plan(outs, declareGadget({ note: "x" }))).replaces, []);
	});

	test("that was never declared is not compared", async () => {
		const { deploy, plan } = createGadgetProvider();
		const outs = await deploy(declareGadget({ note: "x" }));
		assert.ok(!(IDENTITY_OUTPUT in outs));
		assert.deepEqual((await plan(outs, SEALED)).replaces, []);
	});

	test("is kept by updates and refreshes that do not declare it", async () => {
		const { provider, deploy, redeploy, plan } = createGadgetProvider();
		const outs = await redeploy(await deploy(SEALED), declareGadget({ note: "y" }));
		assert.equal(outs[IDENTITY_OUTPUT], "seal=xaw");
		const { props } = await provider.read("a", outs);
		assert.equal(props[IDENTITY_OUTPUT], "seal=xaw");
		assert.deepEqual((await plan(props, declareGadget({ seal: "lead", note: "y" }))).replaces, ["seal"]);
	});

	test("prevents a refresh from returning inputs without it, so a message reports the differences", async () => {
		const { provider, deploy, service, warnings } = createGadgetProvider();
		const outs = await deploy(SEALED);
		assert.deepEqual(await provider.read("a", outs), { id: "a", props: outs });
		assert.deepEqual(warnings, []);
		service.change("a", { note: "theirs" });
		const { inputs, props } = await provider.read("a", outs);
		assert.deepEqual([inputs, props["note"]], [undefined, "theirs"]);
		assert.deepEqual(warnings, [
			'Gadget a was changed outside Pulumi since the last deployment:\n    note: "x" at the last deployment, "theirs" now, "x" declared',
		]);
	});
});

test("plans report drift of an earlier refresh only if state's inputs could not follow it", async () => {
	for (const [declared, told] of [
		[SEALED, true],
		[declareGadget({ note: "x" }), false],
	] as const) {
		const { provider, deploy, plan, service, warnings } = createGadgetProvider();
		const outs = await deploy(declared);
		service.change("a", { note: "theirs" });
		const { props } = await provider.read("a", outs);
		warnings.length = 0;
		assert.equal((await plan(props, declared)).changes, true);
		const words =
			'Gadget a was changed outside Pulumi since the last deployment:\n    note: "x" at the last deployment, "theirs" now, "x" declared';
		assert.deepEqual(warnings, told ? [words] : []);
	}
});

test("an object with an id from the service is kept under that id, also if it is partially created or adopted", async () => {
	const { provider, service } = createGadgetProvider({
		resourceType: { getId: () => "", getLabel: ({ values }) => String(values["name"]) },
	});
	const create = service.create.bind(service);
	service.create = async (desired) => ({ ...(await create(desired)), id: "id-7" });
	assert.equal((await provider.create(declareGadget())).id, "id-7");
	await assert.rejects(provider.create(declareGadget()), /^ResourceOperationError: Gadget a exists already/);
});
