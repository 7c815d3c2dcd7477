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
/** Printed for a replacement that was interrupted, and to undo a change. */
const RECONCILING = ["pulumi config set iothub:onDrift reconcile"];

const VALVE_URN = "urn:pulumi:dev::owned::pulumi-nodejs:dynamic/iothub:DeviceIdentity::valve";

/** A replacement that deletes the device and is refused when it creates it. */
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
/** Takes over a machine that is registered, which needs no import. */
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

/** The ways out of drift under `onDrift: "fail"`, and of drift that a deletion meets. */
export const DRIFT_WAYS_OUT: readonly WayOut[] = [
	{
		code: "DriftRefused",
		title: "a device that was changed is declared as it is now",
		given: [deployed, { run: "up", meanwhile: change }],
		obeys: [{ printed: /declare the current values/, resources: { valve: disabled } }, "pulumi up"],
		alternatives: RECONCILING,
		see: (site) => assert.equal(getStatus(site), "disabled"),
	},
	{
		code: "DriftRefused",
		title: "a device that was changed is put back by hand",
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
		title: "a device that was changed is put back by one run that reconciles, whatever a refresh did",
		given: [deployed, { run: "refresh", meanwhile: change }, { run: "up" }],
		obeys: ["pulumi config set iothub:onDrift reconcile", "pulumi up"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DriftRefused",
		title: "a resource that says fail itself is told to say otherwise",
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
		title: "the environment variable that says fail is named",
		given: [
			{ run: "up", resources: valve },
			{ run: "up", meanwhile: change, options: { env: { IOTHUB_ON_DRIFT: "fail" } } },
		],
		obeys: [{ printed: /unset the environment variable IOTHUB_ON_DRIFT and run/ }, "pulumi up"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DriftRefused",
		title: "a device that left the program is deleted by the run after the refresh that found it changed",
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
		title: "a destroy of a device that was changed goes through after a refresh",
		given: [deployed, { run: "destroy", meanwhile: change }],
		obeys: [
			"pulumi refresh",
			{
				printed: /then delete it/,
				afterwards: "pulumi destroy",
			},
		],
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
	{
		code: "DeletedElsewhere",
		title: "a device that was deleted is created again",
		given: [deployed, { run: "up", meanwhile: remove }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: RECONCILING,
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DeletedElsewhere",
		title: "a device that was deleted is given up",
		given: [deployed, { run: "up", meanwhile: remove }],
		obeys: ["pulumi refresh", { printed: /remove it from the program/, resources: {} }, "pulumi up"],
		alternatives: RECONCILING,
		see: ({ emulator }) => assert.deepEqual(emulator.control.devices.list(), []),
	},
	{
		code: "DeletedElsewhere",
		title: "a replacement that was interrupted after the deletion goes on with a run that reconciles",
		given: [deployed, interrupted, { run: "refresh", meanwhile: remove }, { run: "up" }],
		obeys: ["pulumi config set iothub:onDrift reconcile", "pulumi up"],
		alternatives: ["pulumi refresh"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "RecreatedElsewhere",
		title:
			"a replacement whose interrupted run, or somebody else, created the device is finished by taking it over",
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
		title: "a device that was created again is taken over",
		given: [deployed, { run: "up", meanwhile: recreate }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: ["pulumi state delete"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "RecreatedElsewhere",
		title: "a device that was created again is left alone",
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
		see: (site) => assert.ok(getGeneration(site), "it is there"),
	},
	{
		code: "RecreatedElsewhere",
		title: "a destroy deletes a device that was created again after a refresh",
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
		title: "a device of a fleet that was changed is declared as it is now",
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
		title: "a device of a fleet that was changed is put back by one run that reconciles",
		given: [deployedPlant, { run: "up", meanwhile: change }],
		obeys: ["pulumi config set iothub:onDrift reconcile", "pulumi up"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DeletedElsewhere",
		title: "a device of a fleet that was deleted is created again",
		given: [deployedPlant, { run: "up", meanwhile: remove }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: RECONCILING,
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "RecreatedElsewhere",
		title: "a device of a fleet that was created again is taken over",
		given: [deployedPlant, { run: "up", meanwhile: recreate }],
		obeys: ["pulumi refresh", "pulumi up"],
		alternatives: [...RECONCILING, "pulumi state delete"],
		see: (site) => assert.equal(getStatus(site), "enabled"),
	},
	{
		code: "DriftRefused",
		title: "a machine that was changed is put back by one run that reconciles",
		given: [takesOver(desk), { run: "up", meanwhile: retag }],
		obeys: ["pulumi config set autopilot:onDrift reconcile", "pulumi up"],
		see: assertTagged,
	},
	{
		code: "DriftRefused",
		title: "a machine of a fleet that was changed is put back by one run that reconciles",
		given: [takesOver(kiosks), { run: "up", meanwhile: retag }],
		obeys: ["pulumi config set autopilot:onDrift reconcile", "pulumi up"],
		see: assertTagged,
	},
];
