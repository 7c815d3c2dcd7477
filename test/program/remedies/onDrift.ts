import assert from "node:assert/strict";
import type { Site } from "../site.ts";
import { createSeedId, generateLongHash, getMachine } from "../tenant.ts";
import { deleteFromState, type Given, type WayOut } from "./wayOut.ts";

const STRICT = { "iothub:onDrift": "fail" };
const enabled = { type: "DeviceIdentity", status: "enabled" };
const disabled = { type: "DeviceIdentity", status: "disabled" };
const valve = { valve: enabled };
const getStatus = ({ emulator }: Site, id = "valve") => emulator.control.devices.get(id)?.status;
const getGeneration = ({ emulator }: Site, id = "valve") => emulator.control.devices.get(id)?.generationId;

const change = ({ emulator }: Site) => void emulator.control.devices.change("valve", { status: "disabled" });
const remove = ({ emulator }: Site) => void emulator.control.devices.remove("valve");
const recreate = ({ emulator }: Site) => void emulator.control.devices.recreate("valve");

const deployed: Given = { run: "up", resources: valve, config: STRICT };
/** The command for an interrupted replacement, and for reverting a change. */
const RECONCILING = ["pulumi config set iothub:onDrift reconcile"];

const VALVE_URN = "urn:pulumi:dev::owned::pulumi-nodejs:dynamic/iothub:DeviceIdentity::valve";

/** A replacement that deletes the device and fails to create it. */
const interrupted: Given = {
	run: "up",
	exit: 1,
	options: { replace: [VALVE_URN] },
	meanwhile: (site) => {
		const stop = site.emulator.control.onRequest(({ method, path }) => {
			if (method !== "PUT" || !path.startsWith("/devices/")) return;
			stop();
			site.emulator.control.devices.seed([{ deviceId: "valve" }]);
		});
	},
};

const plant = (devices: Readonly<Record<string, object>>) => ({ plant: { type: "DeviceFleet", devices } });
const deployedPlant: Given = {
	run: "up",
	resources: plant({ valve: { status: "enabled" }, tank: {} }),
	config: STRICT,
};

const SERIAL = "DESK-1";
const machine = { hardwareIdentifier: generateLongHash(SERIAL), groupTag: "Office", adopt: true };
const desk = { desk: { ...machine, type: "AutopilotIdentity", serialNumber: SERIAL } };
const { adopt, ...member } = machine;
const kiosks = { kiosks: { type: "AutopilotFleet", adopt, machines: { [SERIAL]: member } } };
/** Adopts a registered machine, which needs no import. */
const takesOver = (resources: Given["resources"]): Given => ({
	run: "up",
	...(resources && { resources }),
	config: { "autopilot:onDrift": "fail" },
	meanwhile: ({ emulator }) =>
		void emulator.control.machines.seed([{ id: createSeedId(1), serialNumber: SERIAL, groupTag: "Office" }]),
});
const retag = (site: Site) =>
	void site.emulator.control.machines.change(getMachine(site, SERIAL).id, { groupTag: "Theirs" });
const assertTagged = (site: Site) => assert.equal(getMachine(site, SERIAL).groupTag, "Office");

/** The ways out of drift with `onDrift: "fail"`, and of drift that a deletion finds. */
export const DRIFT_WAYS_OUT: readonly WayOut[] = [
	{
		code: "DriftRefused",
		title: "a changed device is declared as it is now",
		given: [deployed, { run: "up", meanwhile: change }],
		obeys: [{ printed: /declare the current values/, resources: { valve: disabled } }, "pulumi up"],
		alternatives: RECONCILING,
		see: (site) => assert.equal(getStatus(site), "disabled"),
	},
	{
		code: "DriftRefused",
		title: "a changed device is restored by hand",
		given: [deployed, { run: "up", meanwhile: change }],
		obeys: [
			{
				printed: /restore the object yourself/,
				act: ({ emulator }) => void emulator.control.devices.change("valve", { status: "enabled" }),
			},
			"pulumi up",
		],
		alternatives: RECONCILING,
	},
	{
		code: "DriftRefused",
		title: "one run that reconciles reverts a changed device, even after a refresh",
		given: [deployed, { run: "refresh", meanwhile: change }, { run: "up" }],
		obeys: ["pulumi config set iothub:onDrift reconcile", "pulumi up"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DriftRefused",
		title: "a resource with its own fail policy is changed to reconcile",
		given: [
			{ run: "up", resources: { valve: { ...enabled, onDrift: "fail" } } },
			{ run: "up", meanwhile: change },
		],
		obeys: [
			{
				printed: /set `onDrift: "reconcile"` on the resource for one run/,
				resources: { valve: { ...enabled, onDrift: "reconcile" } },
			},
			"pulumi up",
		],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DriftRefused",
		title: "the message names the environment variable with the fail policy",
		given: [
			{ run: "up", resources: valve },
			{ run: "up", meanwhile: change, options: { env: { IOTHUB_ON_DRIFT: "fail" } } },
		],
		obeys: [{ printed: /unset the environment variable IOTHUB_ON_DRIFT and run/ }, "pulumi up"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DriftRefused",
		title: "the run after a refresh deletes a changed device that left the program",
		given: [deployed, { run: "destroy", meanwhile: change, options: { refresh: true } }],
		obeys: [
			{
				printed: /To delete the object anyway, run the command again/,
				carriesOut: ["pulumi destroy"],
				act: async ({ stack }) => {
					const { exitCode, output } = await stack.destroy({ refresh: true });
					assert.equal(exitCode, 0, output);
				},
			},
		],
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
	{
		code: "ChangedElsewhere",
		title: "a destroy deletes a changed device after a refresh",
		given: [deployed, { run: "destroy", meanwhile: change }],
		obeys: [
			"pulumi refresh",
			{
				printed: /then delete the object/,
				afterwards: "pulumi destroy",
			},
		],
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
	{
		code: "DeletedElsewhere",
		title: "a deleted device is created again",
		given: [deployed, { run: "up", meanwhile: remove }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: RECONCILING,
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DeletedElsewhere",
		title: "a deleted device is removed from the program",
		given: [deployed, { run: "up", meanwhile: remove }],
		obeys: ["pulumi refresh", { printed: /remove it from the program/, resources: {} }, "pulumi up"],
		alternatives: RECONCILING,
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
	{
		code: "DeletedElsewhere",
		title: "a run that reconciles continues a replacement that was interrupted after the deletion",
		given: [deployed, interrupted, { run: "refresh", meanwhile: remove }, { run: "up" }],
		obeys: ["pulumi config set iothub:onDrift reconcile", "pulumi up"],
		alternatives: ["pulumi refresh"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "RecreatedElsewhere",
		title:
			"a replacement is finished by adoption if its interrupted run, or somebody else, created the device",
		given: [deployed, interrupted, { run: "refresh" }, { run: "up" }],
		obeys: [
			{
				printed: /set `onDrift: "reconcile"` and `adopt: true` on the resource/,
				resources: { valve: { ...enabled, onDrift: "reconcile", adopt: true } },
			},
			"pulumi up",
		],
		alternatives: ["pulumi refresh", "pulumi state delete"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "RecreatedElsewhere",
		title: "a recreated device is adopted",
		given: [deployed, { run: "up", meanwhile: recreate }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: ["pulumi state delete"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "RecreatedElsewhere",
		title: "a recreated device is left alone",
		given: [deployed, { run: "up", meanwhile: recreate }],
		obeys: [
			{
				printed: /remove it from the program and run `pulumi state delete` for the resource/,
				resources: {},
				act: (site) => deleteFromState(site, "valve"),
				carriesOut: ["pulumi state delete"],
			},
			"pulumi up",
		],
		alternatives: ["pulumi refresh", "pulumi state delete"],
		see: (site) => assert.ok(getGeneration(site), "it exists"),
	},
	{
		code: "RecreatedElsewhere",
		title: "a destroy deletes a recreated device after a refresh",
		given: [deployed, { run: "destroy", meanwhile: recreate }],
		obeys: [
			"pulumi refresh",
			{
				printed: /To delete the new one, run `pulumi refresh` first/,
				afterwards: "pulumi destroy",
			},
		],
		alternatives: ["pulumi state delete"],
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
	{
		code: "DriftRefused",
		title: "a changed device of a fleet is declared as it is now",
		given: [deployedPlant, { run: "up", meanwhile: change }],
		obeys: [
			{
				printed: /declare the current values/,
				resources: plant({ valve: { status: "disabled" }, tank: {} }),
			},
			"pulumi up",
		],
		alternatives: RECONCILING,
		see: (site) => assert.equal(getStatus(site), "disabled"),
	},
	{
		code: "DriftRefused",
		title: "one run that reconciles reverts a changed device of a fleet",
		given: [deployedPlant, { run: "up", meanwhile: change }],
		obeys: ["pulumi config set iothub:onDrift reconcile", "pulumi up"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DeletedElsewhere",
		title: "a deleted device of a fleet is created again",
		given: [deployedPlant, { run: "up", meanwhile: remove }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: RECONCILING,
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "RecreatedElsewhere",
		title: "a recreated device of a fleet is adopted",
		given: [deployedPlant, { run: "up", meanwhile: recreate }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: [...RECONCILING, "pulumi state delete"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DriftRefused",
		title: "one run that reconciles reverts a changed machine",
		given: [takesOver(desk), { run: "up", meanwhile: retag }],
		obeys: ["pulumi config set autopilot:onDrift reconcile", "pulumi up"],
		see: assertTagged,
	},
	{
		code: "DriftRefused",
		title: "one run that reconciles reverts a changed machine of a fleet",
		given: [takesOver(kiosks), { run: "up", meanwhile: retag }],
		obeys: ["pulumi config set autopilot:onDrift reconcile", "pulumi up"],
		see: assertTagged,
	},
];
