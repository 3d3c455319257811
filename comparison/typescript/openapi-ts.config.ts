import { defineConfig } from "@hey-api/openapi-ts";

// Every check that the generator offers: arguments and answers against schemas, times as Date, 64 bits as BigInt.
export default defineConfig({
  input: "openapi.json",
  output: "client",
  plugins: [
    "@hey-api/client-fetch",
    { name: "@hey-api/sdk", validator: true, transformer: true },
    { name: "zod", dates: { local: true, offset: true } },
    "@hey-api/transformers",
  ],
});
