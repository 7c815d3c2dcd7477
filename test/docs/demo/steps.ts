import type { DeviceView } from "../../emulator/emulator.ts";
import { Mismatch, type Scene } from "./scene.ts";

/** A step of the demo. */
export interface Step {
	readonly title: string;
	/** The explanation of what is about to happen and why. */
	readonly why: string;
	/** Runs the step. Throws if something is not as expected. */
	run(scene: Scene): Promise<void>;
}

/** Runs a preview, which writes nothing. */
export const preview: Step = {
	title: "Preview",
	why: "The hub is empty, and the data file declares a fleet. A preview shows what `up` would do and changes nothing.",
	async run(scene) {
		await scene.pulumi("preview");
		scene.checkNothingWritten();
		scene.check(
			"the registry is empty",
			scene.registry.map(({ deviceId }) => deviceId),
		);
	},
};

/** Deploys the fleet with the first `up`. */
export const create: Step = {
	title: "First deployment",
	why: "Gateways are created first, because the devices below a gateway need its scope, which the hub creates. The hub creates most keys, too. State keeps them encrypted.",
	async run(scene) {
		await scene.pulumi("up");
		scene.checkDeclared();
		const state = JSON.stringify(await scene.stacks.fleet.exportState());
		scene.check("state contains no key in plain text", plainKeys(state, scene.registry));
	},
};

function plainKeys(state: string, registry: readonly DeviceView[]): string[] {
	return registry
		.filter(({ authentication: { symmetricKey } }) => {
			const keys = [symmetricKey.primaryKey, symmetricKey.secondaryKey];
			return keys.some((key) => key !== null && state.includes(key));
		})
		.map(({ deviceId }) => `it contains a key of ${deviceId}`);
}

/** Runs `up` without an edit, which writes nothing. */
export const repeat: Step = {
	title: "Deployment without changes",
	why: "Nothing was edited, so nothing may be written. The etag of each device shows that nobody else wrote it either.",
	async run(scene) {
		const before = scene.registry;
		await scene.pulumi("up");
		scene.checkNothingWritten();
		scene.checkUntouched(before, "every device still has its etag");
	},
};

/** Updates devices in place, deletes one and replaces one. */
export const edit: Step = {
	title: "Edits of the data file",
	why: "A crane is taken out of service, the tide gauge moves to the other gateway, and a freezer is removed. The gateway on the pier gets a new id. The id of a device cannot change, so the gateway is replaced, and everything below it is updated.",
	async run(scene) {
		const before = scene.registry;
		scene.edit(
			{
				from: "{ name: crane-01, parent: gw-harbour }",
				to: "{ name: crane-01, parent: gw-harbour, status: disabled, reason: new rope }",
			},
			{ from: "{ name: tide-gauge, parent: gw-harbour }", to: "{ name: tide-gauge, parent: gw-east-pier }" },
			{
				from: "    - { name: freezer-04, authentication: certificateAuthority, status: disabled, reason: sold }\n",
				to: "",
			},
			{ from: "{ name: gw-east-pier, edge", to: "{ name: gw-east-pier, id: gw-east-pier-2, edge" },
		);
		await scene.pulumi("up");
		scene.checkDeclared();
		const others = before.filter(({ deviceId }) => !isTouched(scene, deviceId));
		scene.checkUntouched(others, `the other ${others.length} devices were not written`);
	},
};

function isTouched({ declared }: Scene, id: string): boolean {
	const device = declared.find((candidate) => candidate.id === id);
	return device === undefined || id === "crane-01" || device.parent === "gw-east-pier-2";
}

const DEVICE = "ammonia-alarm";
const REASON = "sent in for calibration";

/** Shows that a change between the plan and the write is never overwritten. */
export const conflict: Step = {
	title: "Conflict during a write",
	why: "A reason is edited. After the plan, while its write is on the way, somebody else writes another reason. The etag no longer matches, the hub rejects the write, and the run fails with the old, the current and the declared reason.",
	async run(scene) {
		scene.edit({ from: "reason: tested every Monday at nine", to: "reason: tested every Friday at nine" });
		const stop = interfere(scene);
		const { diagnostics } = await scene.pulumi("up", { fails: true });
		stop();
		const told = diagnostics.map(({ message }) => message).join("\n");
		const values = ["tested every Monday at nine", REASON, "tested every Friday at nine"];
		scene.check(
			"the error shows all three reasons",
			values.filter((value) => !told.includes(value)).map((value) => `"${value}" is not shown`),
		);
		checkReason(scene, "the other reason was not overwritten", REASON);
		scene.checkNothingWritten();
		await scene.pulumi("up");
		scene.checkDeclared();
	},
};

/** Changes the device just before the next write to it arrives. Returns a function that stops watching. */
function interfere({ emulator: { control }, screen }: Scene): () => void {
	let done = false;
	return control.onRequest(({ method, path }) => {
		if (done || method !== "PUT" || !path.endsWith(`/${DEVICE}`)) return;
		done = true;
		control.devices.change(DEVICE, { statusReason: REASON });
		screen.elsewhere(`${DEVICE} gets the reason "${REASON}"`);
	});
}

function checkReason(scene: Scene, claim: string, reason: string): void {
	const seen = scene.emulator.control.devices.get(DEVICE)?.statusReason;
	scene.check(claim, seen === reason ? [] : [`the reason is "${seen}"`]);
}

/** Shows that changes by others are reported, and reverted if the fields are declared. */
export const drift: Step = {
	title: "Changes outside Pulumi",
	why: "Somebody changes devices in the portal. Changes to declared fields are reported and reverted. Fields that the data file does not declare are left alone.",
	async run(scene) {
		meddle(scene);
		const before = scene.registry;
		await scene.pulumi("preview");
		scene.checkNothingWritten();
		await scene.pulumi("refresh");
		scene.checkNothingWritten();
		scene.checkUntouched(before, "refresh recorded the changes in state and left the hub alone");
		await scene.pulumi("up");
		scene.checkDeclared();
		await checkOwnKeys(scene);
	},
};

function meddle({ emulator, screen }: Scene): void {
	const { devices } = emulator.control;
	devices.change("crane-02", { status: "disabled" });
	screen.elsewhere("crane-02 is disabled");
	devices.remove("berth-12");
	screen.elsewhere("berth-12 is deleted");
	devices.rotateKeys("shore-power-11");
	screen.elsewhere("shore-power-11 gets new keys; its keys are declared");
	devices.rotateKeys("door-north");
	screen.elsewhere("door-north gets new keys; its keys are not declared");
	devices.connect("berth-13");
	devices.sendTelemetry("berth-13");
	screen.elsewhere("berth-13 connects and sends telemetry");
}

/** Checks that a device without declared keys keeps those of the portal, and that the stack has them. */
async function checkOwnKeys(scene: Scene): Promise<void> {
	const { connectionStrings } = await scene.stacks.fleet.outputs({ showSecrets: true });
	const known = new Map(Object.entries(connectionStrings as Record<string, string>)).get("door-north") ?? "";
	const key = scene.emulator.control.devices.get("door-north")?.authentication.symmetricKey.primaryKey;
	scene.check(
		"door-north keeps its new keys, and the stack's connection string has them",
		known.endsWith(`;SharedAccessKey=${key}`) ? [] : ["the connection string has another key"],
	);
}

/** Deploys many devices as one resource, then changes one of them. */
export const plant: Step = {
	title: "A fleet as one resource",
	why: "So far each device was a resource. Another program declares the rows of a CSV file as one `DeviceFleet`, which costs Pulumi's engine as much as one device, whatever the number of rows. Then one row is edited, and only its device is written.",
	async run(scene) {
		await scene.pulumi("up", { of: "plant" });
		scene.checkPlant();
		const before = scene.registry;
		scene.editPlant({
			from: "booth-1,gateway-paint-shop,,,,,",
			to: "booth-1,gateway-paint-shop,,disabled,new nozzle,,",
		});
		await scene.pulumi("up", { of: "plant" });
		scene.checkPlant();
		const others = before.filter(({ deviceId }) => deviceId !== "booth-1");
		scene.checkUntouched(others, `the other ${others.length} devices were not written`);
	},
};

const SERIAL = "PF-3QX9ZT";

/** Shows that a change in the portal is reported and reverted, and that contact of a machine is not a change. */
export const retag: Step = {
	title: "A group tag changed outside Pulumi",
	why: "Somebody gives a kiosk the tag of an office, which would assign it another profile. Meanwhile a laptop is switched on for the first time. The tag is reported and reverted. The first contact of the laptop is not a change.",
	async run(scene) {
		const { machines } = scene.emulator.control;
		for (const { id } of machines.find(SERIAL)) machines.change(id, { groupTag: "Office" });
		scene.screen.elsewhere(`${SERIAL} gets the group tag "Office"`);
		for (const { id } of machines.find("5CG4110K7M")) machines.contact(id);
		scene.screen.elsewhere("5CG4110K7M is switched on");
		const { operations } = await scene.pulumi("up", { of: "machines" });
		const updated = operations.filter(({ op }) => op === "update").map(({ name }) => name);
		scene.check(
			"only the kiosk was written",
			updated.filter((name) => name !== SERIAL).map((name) => `${name} was written`),
		);
		scene.checkMachines();
	},
};

/** Registers the machines with their first `up`. */
export const machines: Step = {
	title: "Machines of Windows Autopilot",
	why: "Another program declares the laptops of a CSV file in the format of Intune's portal. Each is imported by its hardware hash, which takes the real service minutes. All imports run at the same time, and the provider reads them for the first time after ten seconds. Graph never returns a hash, so state keeps it encrypted.",
	async run(scene) {
		await scene.pulumi("up", { of: "machines" });
		scene.checkMachines();
		const records = scene.emulator.control.machines.imports();
		scene.check(
			"no import record is left",
			records.map(({ serialNumber }) => `the record of ${serialNumber} is left`),
		);
		await checkHashes(scene);
	},
};

async function checkHashes(scene: Scene): Promise<void> {
	const state = JSON.stringify(await scene.stacks.machines.exportState());
	const plain = scene.tenant.filter(({ hardwareIdentifier }) => state.includes(hardwareIdentifier));
	scene.check(
		"state contains no hash in plain text",
		plain.map(({ serialNumber }) => `it contains the hash of ${serialNumber}`),
	);
}

/** Destroys all stacks. */
export const destroy: Step = {
	title: "Destroy",
	why: "Children are deleted before their gateways, and each device only if its etag is the one in state. The registration of a machine is deleted only if its fields are unchanged. The run waits until the tenant no longer has it.",
	async run(scene) {
		await scene.pulumi("destroy");
		await scene.pulumi("destroy", { of: "plant" });
		scene.check(
			"the registry is empty",
			scene.registry.map(({ deviceId }) => deviceId),
		);
		await scene.pulumi("destroy", { of: "machines" });
		scene.check(
			"the tenant is empty",
			scene.tenant.map(({ serialNumber }) => serialNumber),
		);
	},
};

/** The steps of the demo, in order. Each starts from the result of the one before. */
export const STEPS: readonly Step[] = [
	preview,
	create,
	repeat,
	edit,
	drift,
	conflict,
	plant,
	machines,
	retag,
	destroy,
];

/** Runs the steps up to the first with an unexpected result. Returns the exit code. */
export async function runSteps(steps: readonly Step[], scene: Scene): Promise<0 | 1> {
	const started = Date.now();
	try {
		for (const [index, step] of steps.entries()) {
			scene.screen.heading(index + 1, step.title, step.why);
			await step.run(scene);
		}
	} catch (error) {
		if (!(error instanceof Mismatch)) throw error;
		scene.screen.title("Not as declared.", "The line with the cross above shows the difference.");
		return 1;
	}
	const seconds = Math.round((Date.now() - started) / 1000);
	scene.screen.title(`${scene.checks} checks passed, all as declared, in ${seconds} seconds.`);
	return 0;
}
