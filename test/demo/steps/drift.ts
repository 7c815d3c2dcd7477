import type { Scene } from "../scene.ts";
import type { Step } from "./step.ts";

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
