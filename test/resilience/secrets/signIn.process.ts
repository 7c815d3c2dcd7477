/** Signs in with the settings of its argument and its environment. Prints the whole error, or the credential if it succeeds. */
import { createEntraSettings } from "../../../provider/auth/entra.settings.ts";
import { createEntraCredential } from "../../../provider/auth/entra.ts";
import { systemClock } from "../../../provider/http/clock.ts";
import { SettingReader } from "../../../provider/settings/reader.ts";
import { prepareErrorForUser } from "../../../provider/userErrors.ts";
import { listPrintedForms } from "./search.ts";

const settings: Readonly<Record<string, string>> = JSON.parse(process.argv[2] ?? "{}");
const reader = new SettingReader({ config: (key) => settings[key], env: process.env });
const credential = createEntraCredential(reader, {
	settings: createEntraSettings("iothub"),
	scope: "https://iothubs.azure.net/.default",
	reason: "no connection string names the hub",
	clock: systemClock,
});

credential.getAuthorizationHeader().then(
	() => console.log("it succeeded", listPrintedForms(credential).join("\n")),
	(error: unknown) => console.log(listPrintedForms(prepareErrorForUser(error)).join("\n")),
);
