import type { LoggedRequest } from "../../emulator/emulator.ts";
import { problemsOf as problemsBySwagger } from "../../fixtures/iot-hub/swagger.ts";

const DESCRIBED = "2021-04-12";

/** What is wrong with a request to a hub by IoT Hub's official description; empty where it is in order. */
export function findHubProblems(request: LoggedRequest): readonly string[] {
	const isDescribed = request.service === "iotHub" && request.query["api-version"] === DESCRIBED;
	return isDescribed ? problemsBySwagger(request) : [];
}
