import type { DeviceView } from "../../emulator/emulator.ts";
import { Mismatch, type Scene } from "./scene.ts";

/** A step of the demo. */
export interface Step {
	readonly title: string;
	/** What is about to happen, and why it is worth seeing. */
	readonly why: string;
	/** Does it; throws where something is not as it should be. */
	run(scene: Scene): Promise<void>;
}

/** A preview writes nothing. */
export const preview: Step = {
	title: "What would be done",
	why: "The hub is empty and the data file declares a fleet. A preview says what `up` would do, and does none of it.",
	async run(scene) {
		await scene.pulumi("preview");
		scene.checkNothingWritten();
		scene.check(
			"the registry is empty",
			scene.registry.map(({ deviceId }) => deviceId),
		);
	},
};

/** The first `up`. */
export const create: Step = {
	title: "The fleet comes into being",
	why: "Gateways come first, for whatever is below a gateway names its scope, which the hub makes. The hub makes most keys, too; they are kept in state, encrypted.",
	async run(scene) {
		await scene.pulumi("up");
		scene.checkDeclared();
		const state = JSON.stringify(await scene.stacks.fleet.exportState());
		scene.check("no key stands in the state in plain text", plainKeys(state, scene.registry));
	},
};

function plainKeys(state: string, registry: readonly DeviceView[]): string[] {
	return registry
		.filter(({ authentication: { symmetricKey } }) => {
			const keys = [symmetricKey.primaryKey, symmetricKey.secondaryKey];
			return keys.some((key) => key !== null && state.includes(key));
		})
		.map(({ deviceId }) => `a key of ${deviceId} does`);
}

/** An `up` without an edit writes nothing. */
export const repeat: Step = {
	title: "The same again",
	why: "Nothing was edited, so nothing may be written. The etag of each device tells that nobody else wrote it either.",
	async run(scene) {
		const before = scene.registry;
		await scene.pulumi("up");
		scene.checkNothingWritten();
		scene.checkUntouched(before, "every device has the etag that it had");
	},
};

/** Updates in place, a removal and a replacement. */
export const edit: Step = {
	title: "An edit of the data file",
	why: "A crane is put out of service, the tide gauge moves to the other gateway, and a freezer goes. The gateway on the pier gets another id, which no device can change: it is replaced, and everything below it follows.",
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

/** A change that arrives between the plan and the write is never overwritten. */
export const conflict: Step = {
	title: "A conflict in the middle of a write",
	why: "A reason is edited. When the plan is made and its write is on the way, somebody else writes another reason. The etag does not fit any more, the hub refuses the write, and the run fails with what was, what is and what should be.",
	async run(scene) {
		scene.edit({ from: "reason: tested every Monday at nine", to: "reason: tested every Friday at nine" });
		const stop = interfere(scene);
		const { diagnostics } = await scene.pulumi("up", { fails: true });
		stop();
		const told = diagnostics.map(({ message }) => message).join("\n");
		const values = ["tested every Monday at nine", REASON, "tested every Friday at nine"];
		scene.check(
			"the failure tells all three reasons",
			values.filter((value) => !told.includes(value)).map((value) => `"${value}" is not told`),
		);
		checkReason(scene, "the other reason stands, nothing was overwritten", REASON);
		scene.checkNothingWritten();
		await scene.pulumi("up");
		scene.checkDeclared();
	},
};

/** Writes just before the next write arrives; returns what ends the lurking. */
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

/** Changes made elsewhere are told, and put back where they are declared. */
export const drift: Step = {
	title: "Changes behind Pulumi's back",
	why: "Somebody else is busy in the portal. What the data file declares is told and put back; what it leaves open is left alone.",
	async run(scene) {
		meddle(scene);
		const before = scene.registry;
		await scene.pulumi("preview");
		scene.checkNothingWritten();
		await scene.pulumi("refresh");
		scene.checkNothingWritten();
		scene.checkUntouched(before, "the hub is as the portal left it; the state knows it now");
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
	screen.elsewhere("shore-power-11 gets new keys, and its keys are declared");
	devices.rotateKeys("door-north");
	screen.elsewhere("door-north gets new keys, and its keys are the hub's own affair");
	devices.connect("berth-13");
	devices.sendTelemetry("berth-13");
	screen.elsewhere("berth-13 connects and sends, as devices do");
}

/** A device whose keys nobody declared keeps those of the portal, and the stack knows them. */
async function checkOwnKeys(scene: Scene): Promise<void> {
	const { connectionStrings } = await scene.stacks.fleet.outputs({ showSecrets: true });
	const known = new Map(Object.entries(connectionStrings as Record<string, string>)).get("door-north") ?? "";
	const key = scene.emulator.control.devices.get("door-north")?.authentication.symmetricKey.primaryKey;
	scene.check(
		"door-north keeps its new keys, and the stack's connection string has them",
		known.endsWith(`;SharedAccessKey=${key}`) ? [] : ["the connection string has another key"],
	);
}

/** Many devices as one resource, and one of them changed. */
export const plant: Step = {
	title: "A fleet as one resource",
	why: "So far each device was a resource. Another program declares the rows of a CSV file as one `DeviceFleet`, which costs Pulumi's engine what one device does, however many there are. Then one row is edited, and one device is written.",
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

/** A change made in the portal is told and put back; what machines do by themselves is no change. */
export const retag: Step = {
	title: "A group tag behind Pulumi's back",
	why: "Somebody gives a kiosk the tag of an office, by which it would get another profile, while a laptop is switched on for the first time. The tag is told and put back; that a machine was heard of is no change.",
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

/** The first `up` of the machines. */
export const machines: Step = {
	title: "Machines of Windows Autopilot",
	why: "Another program declares the laptops of a CSV file, as Intune's portal takes it. Each is imported by its hardware hash, which takes real services minutes; all wait at the same time, and the first look is taken after ten seconds. Graph never shows a hash again: it is kept in state, encrypted.",
	async run(scene) {
		await scene.pulumi("up", { of: "machines" });
		scene.checkMachines();
		const records = scene.emulator.control.machines.imports();
		scene.check(
			"no import's record is left behind",
			records.map(({ serialNumber }) => `that of ${serialNumber} is`),
		);
		await checkHashes(scene);
	},
};

async function checkHashes(scene: Scene): Promise<void> {
	const state = JSON.stringify(await scene.stacks.machines.exportState());
	const plain = scene.tenant.filter(({ hardwareIdentifier }) => state.includes(hardwareIdentifier));
	scene.check(
		"no hash stands in the state in plain text",
		plain.map(({ serialNumber }) => `that of ${serialNumber} does`),
	);
}

/** Everything goes. */
export const destroy: Step = {
	title: "Everything goes",
	why: "Children go before their gateways, and each device only under the etag that the stack knows. A machine's registration is deleted only if its fields are as they were, and waited for until the tenant does not know it any more.",
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

/** The steps of the demo, in order; each begins where the one before it ended. */
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

/** Runs the steps up to the first that is not as it should be; the exit code of it all. */
export async function runSteps(steps: readonly Step[], scene: Scene): Promise<0 | 1> {
	const started = Date.now();
	try {
		for (const [index, step] of steps.entries()) {
			scene.screen.heading(index + 1, step.title, step.why);
			await step.run(scene);
		}
	} catch (error) {
		if (!(error instanceof Mismatch)) throw error;
		scene.screen.title("Not as declared.", "The line with the cross above says what is different.");
		return 1;
	}
	const seconds = Math.round((Date.now() - started) / 1000);
	scene.screen.title(`${scene.checks} checks, all as declared, in ${seconds} seconds.`);
	return 0;
}
