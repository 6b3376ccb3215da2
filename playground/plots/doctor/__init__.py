"""The doctor: reasons why the network does not learn, each with evidence and a cure."""
