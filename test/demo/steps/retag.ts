import type { Step } from "./step.ts";

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
