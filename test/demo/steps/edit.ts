import type { Scene } from "../scene.ts";
import type { Step } from "./step.ts";

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
