import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOrigin, hashOrigin, hashResource } from "../../provider/hiddenInputs.ts";
import { ORIGIN_INPUT } from "../../provider/stateKeys.ts";
import { createGadgetFleet, declareGadgets } from "./fleet/gadgetFleet.ts";
import { createGadgetProvider, declareGadget } from "./resource/gadgetProvider.ts";

const PLANT = "acme/factory/dev/GadgetFleet/plant";

test("an origin is described by type and name, which may contain a slash", () => {
	assert.equal(describeOrigin(PLANT), "GadgetFleet plant");
	assert.equal(describeOrigin(`${PLANT}/hall 7`), "GadgetFleet plant/hall 7");
});

test("a value that is not an origin has no description", () => {
	for (const text of [undefined, 7, "", "plant", "acme/factory/dev/GadgetFleet/", "//dev/T/name"])
		assert.equal(describeOrigin(text), undefined);
});

test("the hash of a resource is that of every release: states and generated keys hold it", () => {
	// The first 4 bytes of `openssl dgst -sha256` over the text.
	assert.equal(hashResource("DeviceFleet", "plant"), "dcd56831");
	assert.equal(hashOrigin("acme/factory/dev/DeviceFleet/plant"), "dcd56831");
	assert.equal(hashOrigin("plant"), "");
});

test("a single resource passes its check with an origin, which no output contains and no plan compares", async () => {
	const { provider, deploy, plan, service } = createGadgetProvider();
	const inputs = declareGadget({ note: "x", [ORIGIN_INPUT]: PLANT });
	assert.deepEqual(await provider.check({}, inputs), { inputs, failures: [] });
	const outs = await deploy(inputs);
	assert.ok(!(ORIGIN_INPUT in outs));
	const moved = PLANT.replace("/dev/", "/prod/");
	assert.equal((await plan(outs, declareGadget({ note: "x", [ORIGIN_INPUT]: moved }))).changes, false);
	assert.equal((await plan(outs, declareGadget({ note: "x" }))).changes, false);
	service.change("a", { note: "y" });
	const { props, inputs: live } = await provider.read("a", outs);
	assert.ok(!(ORIGIN_INPUT in props) && !(ORIGIN_INPUT in (live ?? {})));
	const { failures } = await provider.check({}, { ...inputs, strange: 1 });
	assert.ok(!JSON.stringify(failures).includes(ORIGIN_INPUT), "no message offers it as a property");
});

test("a changed name of the resource is written to state once, without a request that writes", async () => {
	const { deploy, plan, redeploy, service } = createGadgetProvider();
	const outs = await deploy(declareGadget({ note: "x", [ORIGIN_INPUT]: PLANT }));
	const renamed = declareGadget({ note: "x", [ORIGIN_INPUT]: `${PLANT}-2` });
	assert.equal((await plan(outs, renamed)).changes, true);
	service.calls.length = 0;
	const after = await redeploy(outs, renamed);
	assert.ok(service.calls.every((call) => !call.startsWith("write")));
	assert.equal((await plan(after, renamed)).changes, false);
});

test("a fleet passes its check with an origin, which its members do not receive", async () => {
	const { provider } = createGadgetFleet();
	const inputs = declareGadgets({ a: { note: "x" } }, { [ORIGIN_INPUT]: PLANT });
	const checked = await provider.check({}, inputs);
	assert.deepEqual(checked, { inputs, failures: [] });
	const { id, outs } = await provider.create(inputs);
	assert.ok(!(ORIGIN_INPUT in outs));
	assert.equal((await provider.diff(id, outs, declareGadgets({ a: { note: "x" } }))).changes, false);
	const { failures } = await provider.check({}, { ...inputs, strange: 1 });
	assert.ok(failures.length === 1 && !JSON.stringify(failures).includes(ORIGIN_INPUT));
});
