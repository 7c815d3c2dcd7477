import type { LoggedRequest } from "../../emulator/emulator.ts";

/** What is wrong with a request to a hub by IoT Hub's official description; empty where it is in order. */
export function problemsOf(_request: LoggedRequest): readonly string[] {
	return [];
}
