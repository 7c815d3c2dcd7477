import assert from "node:assert/strict";
import { test } from "node:test";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

test("live values are returned as outputs, and the declared ones as inputs too", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const olds = await deploy(declareGadget({ note: "x", lamp: { colour: "red" }, onDrift: "fail" }));
	service.change("a", { note: "theirs", mode: "off", lamp: { colour: "blue", level: "high" } });
	const { id, props, inputs } = await provider.read("a", olds);
	assert.equal(id, "a");
	assert.deepEqual(props, {
		...olds,
		note: "theirs",
		mode: "off",
		lamp: { colour: "blue", level: "high" },
		etag: "e1.2",
		__drift: '[{"path":"note","value":"x"},{"path":"lamp.colour","value":"red"}]',
	});
	assert.deepEqual(inputs, {
		name: "a",
		place: "hall",
		note: "theirs",
		lamp: { colour: "blue" },
		onDrift: "fail",
	});
});

test("plans after a refresh in the same operation read nothing again, until a write", async () => {
	const { provider, deploy, plan, service } = createGadgetProvider();
	const olds = await deploy(declareGadget({ note: "x" }));
	const { props } = await provider.read("a", olds);
	service.calls.length = 0;
	assert.equal((await plan(props, declareGadget({ note: "x" }))).changes, false);
	assert.equal((await plan(props, declareGadget({ note: "y" }))).changes, true);
	assert.deepEqual(service.calls, []);
	const { outs } = await provider.update("a", props, declareGadget({ note: "y" }));
	service.change("a", { note: "theirs" });
	assert.equal((await plan(outs, declareGadget({ note: "y" }))).changes, true);
});

test("a declared field that the object no longer has is not an input any more", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const olds = await deploy(declareGadget({ note: "x" }));
	service.change("a", { note: undefined });
	const { props, inputs } = await provider.read("a", olds);
	assert.deepEqual(inputs, { name: "a", place: "hall" });
	assert.ok(!("note" in props));
});

test("after a refresh the changed field still counts as declared, and the plan compares the live value", async () => {
	const { provider, deploy, plan, service, warnings } = createGadgetProvider();
	const olds = await deploy(declareGadget({ note: "x", lock: { pin: "1234" } }));
	service.change("a", { note: "theirs", lock: { pin: "5678" } });
	const { props } = await provider.read("a", olds);
	assert.equal(props["__declared"], "note lock.pin=8765");
	assert.equal((await plan(props, declareGadget({ note: "x", lock: { pin: "1234" } }))).changes, true);
	assert.equal((await plan(props, declareGadget({ note: "theirs", lock: { pin: "5678" } }))).changes, false);
	assert.deepEqual(warnings, []);
});

test("an unchanged object is returned as in state, without further requests and without inputs", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const inputs = declareGadget({ note: "x", lock: { pin: "1" }, labels: [], adopt: true });
	const olds = await deploy(inputs);
	service.calls.length = 0;
	assert.deepEqual(await provider.read("a", olds), { id: "a", props: olds });
	assert.deepEqual(service.calls, ["probe a exactly"]);
});

test("an object that was written without a difference is read without inputs, so that Pulumi keeps its own", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const inputs = declareGadget({ note: "x", lock: { pin: "1" }, labels: [], adopt: true });
	const olds = await deploy(inputs);
	service.change("a", {});
	const result = await provider.read("a", olds);
	assert.deepEqual(result.props, { ...olds, etag: "e1.2" });
	assert.equal(result.inputs, undefined);
});

test("an object that was created again is reported and read", async () => {
	const { provider, deploy, service, warnings } = createGadgetProvider();
	const olds = await deploy(declareGadget());
	service.put("a", { note: "theirs" });
	const { id, props } = await provider.read("a", olds);
	assert.equal(id, "a");
	assert.equal(props["incarnation"], "2");
	assert.deepEqual(warnings, [
		"Gadget a was deleted and created again outside Pulumi since the last deployment; its pin is new",
	]);
});

test("an object that the service says does not exist is gone", async () => {
	const { provider, deploy, service, warnings } = createGadgetProvider();
	const olds = await deploy(declareGadget());
	service.drop("a");
	assert.deepEqual(await provider.read("a", olds), { id: "", props: {} });
	assert.deepEqual(warnings, ["Gadget a was deleted outside Pulumi since the last deployment"]);
});

test("refreshes and plans name the new id of an object that was created again under another id", async () => {
	const { provider, deploy, plan, service, warnings } = createGadgetProvider();
	const olds = await deploy(declareGadget());
	service.drop("a");
	service.findReplacement = async () => "id-8";
	await provider.read("a", olds);
	await plan(olds, declareGadget());
	const told =
		"Gadget a was deleted outside Pulumi since the last deployment, and the same one exists again as id-8";
	assert.deepEqual(warnings, [told, `${told}; it will be created again`]);
});

test("a note about undeclared values is logged if the resource type has one", async () => {
	const words = {
		conflictAdvice: "",
		recreatedNote: "",
		describeChange: () => "was changed",
		formatRefreshNote: () => "lost its colour",
	};
	const { provider, deploy, service, warnings } = createGadgetProvider({ resourceType: { messages: words } });
	const olds = await deploy(declareGadget());
	await provider.read("a", olds);
	service.change("a", { mode: "off" });
	await provider.read("a", olds);
	assert.deepEqual(warnings, ["Gadget a lost its colour; the refresh records this in state"]);
});

test("an error never counts as absence", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const olds = await deploy(declareGadget());
	service.plan("probe", new Error("404 of a proxy"));
	await assert.rejects(provider.read("a", olds), { message: "404 of a proxy" });
});

test("an object that Pulumi does not manage is read by its id and address alone", async () => {
	const { provider, service, warnings } = createGadgetProvider();
	service.put("a", { note: "theirs" });
	const { props, inputs } = await provider.read("a", { name: "a", place: "hall" });
	assert.equal(props["note"], "theirs");
	assert.deepEqual(inputs, { name: "a", place: "hall" });
	assert.deepEqual(warnings, []);
});
