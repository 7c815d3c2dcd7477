import type { Scene } from "../scene.ts";
import type { Step } from "./step.ts";

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
