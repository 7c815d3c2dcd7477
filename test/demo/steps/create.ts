import type { DeviceView } from "../../emulator/emulator.ts";
import type { Step } from "./step.ts";

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
