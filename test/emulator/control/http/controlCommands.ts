import type { Control } from "../control.ts";

export interface ControlScene {
	readonly control: Control;
	readonly body: unknown;
	readonly name: string;
	readonly query: URLSearchParams;
}
export interface ControlCommand {
	readonly method: string;
	readonly path: string;
	readonly run: (scene: ControlScene) => unknown;
}
export const CONTROL_COMMANDS: readonly ControlCommand[] = [];
