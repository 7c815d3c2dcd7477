import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { failCheck } from "../../../provider/resource/validators.ts";
import { createGadgetProvider } from "./gadgetProvider.ts";

test("inputs are completed, and nothing is sent", async () => {
	const { provider, service } = createGadgetProvider();
	assert.deepEqual(await provider.check({}, { name: "a", note: "x" }), {
		inputs: { name: "a", place: "hall", note: "x" },
		failures: [],
	});
	assert.deepEqual(service.calls, []);
});

test("null means the same as a missing property", async () => {
	const { inputs } = await createGadgetProvider().provider.check(
		{},
		{ name: "a", note: null, lamp: { colour: null } },
	);
	assert.deepEqual(inputs, { name: "a", place: "hall", lamp: {} });
});

test("all problems are reported at once, each with its property", async () => {
	const { failures } = await createGadgetProvider().provider.check(
		{},
		{ name: "", mode: "broken", lamp: { size: "x" } },
	);
	assert.deepEqual(failures, [
		{ property: "name", reason: "name is empty; give it a name." },
		{ property: "mode", reason: 'mode must be "on" or "off", got "broken".' },
		{ property: "lamp.size", reason: "lamp.size does not exist; lamp has colour, level." },
	]);
});

test("a rule about several inputs reports like a rule about one input", async () => {
	const { provider } = createGadgetProvider({
		resourceType: { validators: [() => failCheck("lamp", "does not go with that")] },
	});
	assert.deepEqual((await provider.check({}, { name: "a" })).failures, [
		{ property: "lamp", reason: "lamp does not go with that." },
	]);
});

test("a property in the wrong case is rejected with the correct name", async () => {
	const { failures } = await createGadgetProvider().provider.check(
		{},
		{ name: "a", Note: "x", keeppin: true },
	);
	assert.deepEqual(failures, [
		{ property: "Note", reason: 'Gadget has no property "Note". Did you mean "note"?' },
		{ property: "keeppin", reason: 'Gadget has no property "keeppin". Did you mean "keepPin"?' },
	]);
});

test("a misspelt property is refused with the nearest name, at every depth", async () => {
	const { failures } = await createGadgetProvider().provider.check(
		{},
		{ name: "a", mdoe: "on", noet: "x", lamp: { color: "red" } },
	);
	assert.deepEqual(failures, [
		{ property: "mdoe", reason: 'Gadget has no property "mdoe". Did you mean "mode"?' },
		{ property: "noet", reason: 'Gadget has no property "noet". Did you mean "note"?' },
		{
			property: "lamp.color",
			reason: 'lamp.color does not exist; lamp has colour, level (did you mean "colour"?).',
		},
	]);
});

test("a misspelt value of an enumeration is refused with the nearest one", async () => {
	const { failures } = await createGadgetProvider().provider.check(
		{},
		{ name: "a", mode: "offf", onDrift: "Reconsile" },
	);
	assert.deepEqual(failures, [
		{ property: "mode", reason: 'mode must be "on" or "off", got "offf" (did you mean "off"?).' },
		{
			property: "onDrift",
			reason: 'onDrift must be "reconcile" or "fail", got "Reconsile" (did you mean "reconcile"?).',
		},
	]);
});

test("an unknown property is rejected with a list of all properties", async () => {
	const { failures } = await createGadgetProvider().provider.check({}, { name: "a", constructor: "x" });
	assert.deepEqual(failures, [
		{
			property: "constructor",
			reason:
				'Gadget has no property "constructor". It has: name, place, seal, mode, note, lamp, lock, labels, adopt, onDrift, keepPin.',
		},
	]);
});

test("unknown values are accepted, and stay in the inputs", async () => {
	const news = {
		name: unknownValue,
		mode: unknownValue,
		lamp: { colour: unknownValue },
		labels: [unknownValue],
	};
	const { inputs, failures } = await createGadgetProvider().provider.check({}, news);
	assert.deepEqual(failures, []);
	assert.deepEqual(inputs, { place: "hall", ...news });
});

test("a problem with a secret is reported without its property, whose value Pulumi would print", async () => {
	const { failures } = await createGadgetProvider().provider.check(
		{},
		{ name: "a", seal: 7, lock: { pin: 1 } },
	);
	assert.deepEqual(failures, [
		{ property: "", reason: "seal must be a string, got 7." },
		{ property: "lock.pin", reason: "lock.pin must be a string, got 1." },
	]);
});
